/** A branch's WAL, read back as units of its own work. */
@NullMarked
package dev.anabranch.check.wal;

import org.jspecify.annotations.NullMarked;
