package dev.anabranch.check.diff;

import java.util.Optional;

/**
 * What became of one table's rows.
 *
 * @param schema where the table is
 * @param name what it is called
 * @param emptied whether all the rows that it had at the fork point are gone, which are not counted
 * @param note in words, what can't be told by rows
 */
public record DiffTable(
    String schema,
    String name,
    long inserted,
    long updated,
    long deleted,
    boolean emptied,
    Optional<String> note) {

  /** {@code schema.table}, for people; not quoted. */
  public String qualifiedName() {
    return schema + "." + name;
  }
}
