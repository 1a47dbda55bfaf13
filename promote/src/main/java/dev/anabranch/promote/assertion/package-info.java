/** Checks of the user's own: SQL that must return no row on main as a promotion would leave it. */
@NullMarked
package dev.anabranch.promote.assertion;

import org.jspecify.annotations.NullMarked;
