/** Keeping main's writers out between the last look and the commit, for a strict promotion. */
@NullMarked
package dev.anabranch.promote.fence;

import org.jspecify.annotations.NullMarked;
