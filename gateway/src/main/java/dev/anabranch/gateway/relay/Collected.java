package dev.anabranch.gateway.relay;

import dev.anabranch.gateway.wire.BackendMessage;
import dev.anabranch.gateway.wire.RowReader;
import dev.anabranch.ledger.Result;
import dev.anabranch.ledger.ResultColumn;
import dev.anabranch.ledger.RowDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A result while its rows come in. */
final class Collected {

  private final List<ResultColumn> columns;
  private final Optional<RowReader> reader;
  private final Limits limits;
  private final RowDigest.Builder digest = RowDigest.builder();
  private List<List<@Nullable String>> kept = new ArrayList<>();
  private int keptChars;
  private boolean keeping = true;
  private boolean comparable;
  private long rowCount;

  /** How much of a result is kept beside its digest. */
  record Limits(int rows, int chars) {}

  private Collected(List<ResultColumn> columns, Optional<RowReader> reader, Limits limits) {
    this.columns = columns;
    this.reader = reader;
    this.limits = limits;
    this.comparable = reader.isPresent();
  }

  static Collected of(List<ResultColumn> columns, RowReader reader, Limits limits) {
    return new Collected(columns, Optional.of(reader), limits);
  }

  /** For rows that nobody described: they can be counted and no more. */
  static Collected undescribed(Limits limits) {
    return new Collected(List.of(), Optional.empty(), limits);
  }

  void add(BackendMessage.DataRow row) {
    rowCount++;
    Optional<List<@Nullable String>> texts =
        comparable ? reader.flatMap(r -> r.read(row)) : Optional.empty();
    if (texts.isEmpty()) {
      comparable = false;
      stopKeeping();
      return;
    }
    digest.add(columns, texts.get());
    if (keeping) {
      keep(texts.get());
    }
  }

  private void keep(List<@Nullable String> row) {
    for (String text : row) {
      keptChars += text == null ? 1 : text.length();
    }
    if (kept.size() < limits.rows() && keptChars <= limits.chars()) {
      kept.add(row);
    } else {
      stopKeeping();
    }
  }

  private void stopKeeping() {
    keeping = false;
    kept = List.of();
  }

  /** Rows that passed in another form and were only counted by the branch. */
  void passed(long rows) {
    rowCount += rows;
    stopKeeping();
  }

  int keptChars() {
    return keptChars;
  }

  long rowCount() {
    return rowCount;
  }

  /**
   * @param complete whether the client got all of it
   * @param trusted false when something else makes it impossible to compare
   */
  Result result(boolean complete, boolean trusted) {
    RowDigest rows = digest.build();
    return new Result(
        columns,
        rowCount,
        complete,
        comparable && trusted,
        rows.ordered(),
        rows.bag(),
        keeping ? Optional.of(kept) : Optional.empty());
  }
}
