/** A long time under load: nothing fails, nothing leaks, and main's WAL is not pinned. */
@NullMarked
package dev.anabranch.trials.soak;

import org.jspecify.annotations.NullMarked;
