package dev.anabranch.check.diff;

import dev.anabranch.base.BranchName;
import dev.anabranch.base.Lsn;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is otherwise than at the fork point. Its rows are read one after the other and are never all
 * in memory; closing it lets go of them.
 */
public final class Diff implements AutoCloseable {

  private final Head head;
  private final List<DiffTable> tables;
  private final List<DiffTable> byNumber;
  private final Optional<List<SchemaChange>> schema;
  private final SortedRows rows;
  private final Comparator<ChangedRow> order;

  /**
   * Of what.
   *
   * @param behind whether main's changes are told, not the branch's
   * @param asOf a position of the branch's log, of main's if behind: all that was committed up to
   *     it is told
   * @param landed units that are on main
   * @param task what the one unit was made for that is told alone, where that is known
   */
  public record Head(
      BranchName branch,
      boolean behind,
      Lsn forkLsn,
      Lsn asOf,
      Set<Long> landed,
      Optional<String> task) {}

  /** Hears each row. */
  public interface Sink {
    void row(DiffTable table, ChangedRow row) throws IOException;
  }

  /**
   * @param book when all is counted
   */
  Diff(
      Head head,
      TableBook book,
      Optional<List<SchemaChange>> schema,
      SortedRows rows,
      Comparator<ChangedRow> order) {
    this.head = head;
    this.tables = book.told();
    this.byNumber = book.all();
    this.schema = schema.map(List::copyOf);
    this.rows = rows;
    this.order = order;
  }

  public Head head() {
    return head;
  }

  /** Those with a changed row or a note, by name. */
  public List<DiffTable> tables() {
    return tables;
  }

  /** Empty when nobody asked. */
  public Optional<List<SchemaChange>> schema() {
    return schema;
  }

  /** Whether there is anything to tell. */
  public boolean differs() {
    return !tables.isEmpty() || schema.filter(changes -> !changes.isEmpty()).isPresent();
  }

  /** Each changed row, in the order that was asked for. */
  public void rows(Sink sink) throws IOException {
    rows.read(order, row -> sink.row(byNumber.get(row.table()), row));
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
