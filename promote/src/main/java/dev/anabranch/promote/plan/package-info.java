/** What lands, what is held, and why: pure, without I/O or a clock. */
@NullMarked
package dev.anabranch.promote.plan;

import org.jspecify.annotations.NullMarked;
