package dev.anabranch.promote.plan;

import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import java.util.List;
import java.util.Map;

/**
 * What main said when it was asked for rows.
 *
 * @param found the rows that exist; one that is missing does not
 * @param refused keys that main did not take for keys, with its own words
 * @param copies of rows of tables without a key: those on main that hold the same
 */
public record MainRows(
    Map<RowRef, MainRow> found, Map<RowRef, String> refused, Map<Content, List<Copy>> copies) {

  /**
   * What a row of a table without a key is known by.
   *
   * @param table the table
   * @param row all that it holds, as the branch had it
   */
  public record Content(TableId table, Row row) {}

  /**
   * A row of main that holds the same.
   *
   * @param place where it is, and a digest of all that it holds
   * @param row it
   */
  public record Copy(Key place, MainRow row) {}
}
