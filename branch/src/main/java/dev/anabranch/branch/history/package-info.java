/** Main as it was: raw copies of the mirror, and main's WAL between them. */
@NullMarked
package dev.anabranch.branch.history;

import org.jspecify.annotations.NullMarked;
