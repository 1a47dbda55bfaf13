package dev.anabranch.predicate.footprint;

import dev.anabranch.base.TableId;
import java.util.Optional;
import java.util.Set;

/**
 * What a statement writes, common table expressions included.
 *
 * <p>In an UPDATE, DELETE or MERGE the table written is one more {@link Occurrence}, with the
 * conditions on it, the columns that the statement reads and those of its key: with equal changed
 * rows there, it writes the same rows. An INSERT's table is one only where ON CONFLICT looks for
 * rows in it. Whether the constraints take the rows is not in here.
 *
 * @param targets the tables that it names, with their partitions and children left out
 * @param counted whether its command tag counts the rows that it writes: those of one table, by the
 *     command that its words say, and not by what a rule or a part of a WITH makes of them
 * @param returning whether it returns rows of what it wrote
 * @param onConflict whether it has an ON CONFLICT clause
 * @param drawnColumns of a {@link Repeat.Drawn} statement, the target's columns that it fills with
 *     drawn values, when nothing else in it is drawn: over the same rows, all that it writes but
 *     these is the same
 * @param assigned what an UPDATE of one table does to its columns; empty for other statements
 */
public record Writes(
    Set<TableId> targets,
    boolean counted,
    boolean returning,
    boolean onConflict,
    Set<Integer> drawnColumns,
    Optional<Assigned> assigned) {

  /**
   * The columns of the table that an UPDATE assigns to.
   *
   * @param all of them, by number
   * @param operatedOn those that combine, to which it does what it says in itself, whatever it
   *     finds
   */
  public record Assigned(Set<Integer> all, Set<Integer> operatedOn) {
    public Assigned {
      all = Set.copyOf(all);
      operatedOn = Set.copyOf(operatedOn);
    }
  }

  Writes with(Optional<Assigned> columns) {
    return new Writes(targets, counted, returning, onConflict, drawnColumns, columns);
  }

  public Writes {
    targets = Set.copyOf(targets);
    drawnColumns = Set.copyOf(drawnColumns);
  }
}
