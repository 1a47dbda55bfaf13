/**
 * What a check needs from outside, and what executing a transaction again on a copy of main tells.
 */
@org.jspecify.annotations.NullMarked
package dev.anabranch.predicate.world;
