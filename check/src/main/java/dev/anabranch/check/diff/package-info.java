/** What a branch has changed since its fork, and what main has: rows and definitions. */
@NullMarked
package dev.anabranch.check.diff;

import org.jspecify.annotations.NullMarked;
