/** Main as Anabranch sees it, and the physical standby kept of it. */
@NullMarked
package dev.anabranch.branch.mirror;

import org.jspecify.annotations.NullMarked;
