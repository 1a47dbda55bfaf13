/** Verdicts that are told as main moves. */
@NullMarked
package dev.anabranch.bench.live;

import org.jspecify.annotations.NullMarked;
