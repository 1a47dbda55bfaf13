package dev.anabranch.ledger;

import java.util.Optional;

/**
 * A bound parameter.
 *
 * @param typeOid its type as declared or inferred, 0 when unknown
 * @param text its value as Postgres's text, empty for NULL
 * @param readable false when it came in a binary form that could not be turned into text; it can
 *     then not be asked again
 */
public record Parameter(long typeOid, Optional<String> text, boolean readable) {}
