/** The {@code anabranch} command: turns words into HTTP calls and JSON into something to read. */
@NullMarked
package dev.anabranch.cli;

import org.jspecify.annotations.NullMarked;
