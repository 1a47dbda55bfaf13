package dev.anabranch.gateway.relay;

import dev.anabranch.gateway.wire.BackendMessage;
import dev.anabranch.gateway.wire.RowDecoder;
import dev.anabranch.ledger.Result;
import dev.anabranch.ledger.ResultColumn;
import dev.anabranch.ledger.RowDigest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A result while its rows come in. */
final class CapturedResult {

  private final List<ResultColumn> columns;
  private final Optional<RowDecoder> reader;
  private final Limits limits;
  private final RowDigest.Builder digest = RowDigest.builder();
  private final Cells cells = new Cells();
  private List<List<@Nullable String>> kept = new ArrayList<>();
  private int keptChars;
  private boolean keeping = true;
  private boolean comparable;
  private long rowCount;

  /** How much of a result is kept beside its digest. */
  record Limits(int rows, int chars) {}

  private CapturedResult(List<ResultColumn> columns, Optional<RowDecoder> reader, Limits limits) {
    this.columns = columns;
    this.reader = reader;
    this.limits = limits;
    this.comparable = reader.isPresent();
  }

  static CapturedResult of(List<ResultColumn> columns, RowDecoder reader, Limits limits) {
    return new CapturedResult(columns, Optional.of(reader), limits);
  }

  /** For rows that nobody described: they can be counted and no more. */
  static CapturedResult undescribed(Limits limits) {
    return new CapturedResult(List.of(), Optional.empty(), limits);
  }

  void add(BackendMessage.DataRow row) {
    rowCount++;
    digest.beginRow();
    comparable = comparable && reader.filter(rows -> rows.read(row, cells)).isPresent();
    if (comparable) {
      digest.endRow();
    } else {
      stopKeeping();
    }
    if (keeping) {
      keep(cells.takeTexts());
    }
  }

  /** Takes the cells of a row into the digest, and keeps their texts as long as rows are kept. */
  private final class Cells implements RowDecoder.Cells {

    private List<@Nullable String> texts = new ArrayList<>();

    @Override
    public void nothing(int column) {
      digest.nothing();
      if (keeping) {
        texts.add(null);
      }
    }

    @Override
    public void ascii(int column, byte[] bytes, int length) {
      digest.ascii(columns.get(column).typeOid(), bytes, length);
      if (keeping) {
        texts.add(new String(bytes, 0, length, StandardCharsets.US_ASCII));
      }
    }

    @Override
    public void text(int column, String text) {
      digest.text(columns.get(column).typeOid(), text);
      if (keeping) {
        texts.add(text);
      }
    }

    List<@Nullable String> takeTexts() {
      List<@Nullable String> row = texts;
      texts = new ArrayList<>(columns.size());
      return row;
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
