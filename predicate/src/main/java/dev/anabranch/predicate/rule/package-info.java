/** Proofs that an answer still holds, cheapest first. */
@NullMarked
package dev.anabranch.predicate.rule;

import org.jspecify.annotations.NullMarked;
