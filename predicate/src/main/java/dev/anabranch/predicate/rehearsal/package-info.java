/** Transactions of a branch executed again on a copy of main, next to what they did. */
@NullMarked
package dev.anabranch.predicate.rehearsal;

import org.jspecify.annotations.NullMarked;
