package dev.anabranch.check.diff;

import java.util.Optional;

/**
 * Something that is defined otherwise.
 *
 * @param kind what it is, such as {@code column}
 * @param object its name, the newer one if it has got another
 * @param before its definition at the fork point; empty when it was not there
 * @param after its definition now; empty when it is gone
 */
public record SchemaChange(
    String kind, String object, Optional<String> before, Optional<String> after) {}
