/** Values of the trade: positions, names, tables, images, and every failure by its number. */
@NullMarked
package dev.anabranch.base;

import org.jspecify.annotations.NullMarked;
