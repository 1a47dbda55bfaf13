package dev.anabranch.predicate;

import java.util.Optional;

/**
 * A table that answers read and whose changes no feed tells, at the position of a check.
 *
 * @param name of the table
 * @param why nobody follows its changes
 * @param mark equal at another position: it has the same rows there. Empty where it has none
 */
public record Unfollowed(String name, String why, Optional<String> mark) {}
