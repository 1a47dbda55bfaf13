/** The only code that writes to main: one transaction, conditional and verified. */
@NullMarked
package dev.anabranch.promote.apply;

import org.jspecify.annotations.NullMarked;
