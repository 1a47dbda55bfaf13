/** The publication and the slot on main, and the connection that reads from it. */
@NullMarked
package dev.anabranch.mainfeed.slot;

import org.jspecify.annotations.NullMarked;
