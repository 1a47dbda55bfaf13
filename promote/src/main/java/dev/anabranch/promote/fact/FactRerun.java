package dev.anabranch.promote.fact;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the transaction behind a fact would write if it were executed again on main now.
 *
 * @param offered whether that can be chosen
 * @param why it can't, in one clause; empty when it can
 * @param state a digest of what would be written: a decision counts while it is the same
 * @param unit the id of the transaction's unit
 * @param rows what it wrote on the branch beside what it would write, only the first {@value
 *     #ROWS_LIMIT}
 * @param more how many more rows there are
 * @param tells the statements that would tell their client something else
 */
public record FactRerun(
    boolean offered,
    String why,
    String state,
    long unit,
    List<Row> rows,
    int more,
    List<Told> tells) {

  /** The most rows that are shown. */
  public static final int ROWS_LIMIT = 100;

  public FactRerun {
    rows = List.copyOf(rows);
    tells = List.copyOf(tells);
  }

  /**
   * One row.
   *
   * @param table {@code schema.table}
   * @param key its key, column name to text
   * @param wrote what was done to it on the branch, empty: nothing
   * @param writes what would be done to it on main now, empty: nothing
   */
  public record Row(
      String table, Map<String, String> key, Optional<Cells> wrote, Optional<Cells> writes) {}

  /**
   * What is done to a row.
   *
   * @param kind insert, update or delete
   * @param cells those that it has then and had otherwise, column name to text
   */
  public record Cells(String kind, Map<String, @Nullable String> cells) {
    public Cells {
      cells = Collections.unmodifiableMap(new LinkedHashMap<>(cells));
    }
  }

  /**
   * What a statement told its client, then and now.
   *
   * @param answer the statement's
   */
  public record Told(long answer, String was, String now) {}
}
