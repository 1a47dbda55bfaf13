/** Branches of main: what they are, where they run, how long they live. */
@NullMarked
package dev.anabranch.branch;

import org.jspecify.annotations.NullMarked;
