/** Folding a branch's units back into main: entry point, bookkeeping, receipts. */
@NullMarked
package dev.anabranch.promote;

import org.jspecify.annotations.NullMarked;
