/** Images of main at one LSN, made safe to branch from. */
@NullMarked
package dev.anabranch.branch.golden;

import org.jspecify.annotations.NullMarked;
