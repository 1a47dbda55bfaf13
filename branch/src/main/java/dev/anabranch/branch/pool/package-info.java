/** Branch clusters made ahead of time, so that asking for a branch starts and copies nothing. */
@NullMarked
package dev.anabranch.branch.pool;

import org.jspecify.annotations.NullMarked;
