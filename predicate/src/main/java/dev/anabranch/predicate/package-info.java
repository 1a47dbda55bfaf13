/** Verdicts: what an answer rests on, held against what main has changed. */
@NullMarked
package dev.anabranch.predicate;

import org.jspecify.annotations.NullMarked;
