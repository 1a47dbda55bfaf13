package dev.anabranch.branch.history;

import dev.anabranch.base.Lsn;
import java.time.Instant;

/**
 * A raw copy of the mirror.
 *
 * @param id given by the control database
 * @param position every record of main's WAL that ends at or below it is in its files, none above
 * @param redo where recovery of a copy of it starts
 * @param takenAt main's clock after that: every commit inside was made at or before it
 * @param timeline the timeline of the log behind it
 */
record Base(long id, Lsn position, Lsn redo, Instant takenAt, long timeline) {}
