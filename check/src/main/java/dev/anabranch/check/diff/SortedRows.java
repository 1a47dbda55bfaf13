package dev.anabranch.check.diff;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/** Changed rows in order: runs that are each sorted, read as one. */
final class SortedRows implements AutoCloseable {

  /** Hears each row. */
  public interface Sink {
    void row(ChangedRow row) throws IOException;
  }

  private final Path directory;
  private final RowCodec codec;
  private final List<SpillFile> runs = new ArrayList<>();

  SortedRows(Path directory, RowCodec codec) {
    this.directory = directory;
    this.codec = codec;
  }

  /** Begins the next run. */
  Run begin() {
    SpillFile file = new SpillFile(directory);
    runs.add(file);
    return new Run(new DataOutputStream(file));
  }

  /** Rows that come in the order that they are to be read in. */
  final class Run {
    private final DataOutputStream out;

    private Run(DataOutputStream out) {
      this.out = out;
    }

    void add(ChangedRow row) throws IOException {
      codec.put(out, row);
    }
  }

  /** One run while it is read. */
  private record Head(ChangedRow row, DataInputStream rest) {}

  void read(Comparator<ChangedRow> order, Sink sink) throws IOException {
    PriorityQueue<Head> heads =
        new PriorityQueue<>((one, other) -> order.compare(one.row(), other.row()));
    for (SpillFile run : runs) {
      next(new DataInputStream(run.read())).ifPresent(heads::add);
    }
    while (true) {
      Head least = heads.poll();
      if (least == null) {
        return;
      }
      sink.row(least.row());
      next(least.rest()).ifPresent(heads::add);
    }
  }

  private Optional<Head> next(DataInputStream in) throws IOException {
    return codec.row(in).map(row -> new Head(row, in));
  }

  @Override
  public void close() throws IOException {
    for (SpillFile run : runs) {
      run.close();
    }
  }
}
