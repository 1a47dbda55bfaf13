/** A living branch that moves onto main as it is now, with its work and its answers. */
@NullMarked
package dev.anabranch.promote.sync;

import org.jspecify.annotations.NullMarked;
