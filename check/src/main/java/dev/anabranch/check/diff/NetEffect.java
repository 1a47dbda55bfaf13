package dev.anabranch.check.diff;

import dev.anabranch.base.TableShape;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What many steps come to, in little memory: they are put aside by row, into parts, and each part
 * is then added up alone.
 */
final class NetEffect implements AutoCloseable {

  private static final int PARTS = 128;

  /** Hashes of numbers that follow each other are alike in their upper half without it. */
  private static final int SPREAD = 0x9E3779B9;

  /** Rows at the fork point; those that are not there, or can't be had, are left out. */
  interface Fork {
    Map<RowStep.Row, Side> rows(int table, TableShape shape, Collection<RowStep.Row> wanted);
  }

  private final Path directory;
  private final RowCodec codec;
  private final List<SpillFile> parts = new ArrayList<>();
  private final List<DataOutputStream> outs = new ArrayList<>();

  NetEffect(Path directory, RowCodec codec) {
    this.directory = directory;
    this.codec = codec;
    for (int i = 0; i < PARTS; i++) {
      SpillFile part = new SpillFile(directory);
      parts.add(part);
      outs.add(new DataOutputStream(part));
    }
  }

  void add(RowStep step) throws IOException {
    codec.put(outs.get(Math.floorMod((step.row().hashCode() * SPREAD) >>> 16, PARTS)), step);
  }

  /**
   * Adds all up.
   *
   * @param book counts the rows, and says which are wanted
   * @param order of the rows
   */
  SortedRows sum(TableBook book, Fork fork, Comparator<ChangedRow> order) throws IOException {
    SortedRows sorted = new SortedRows(directory, codec);
    try {
      for (SpillFile part : parts) {
        List<ChangedRow> rows = new ArrayList<>();
        net(part, book.emptied(), fork)
            .forEach((row, net) ->
                net.changes(row.table()).stream().filter(book::count).forEach(rows::add));
        part.close();
        rows.sort(order);
        SortedRows.Run run = sorted.begin();
        for (ChangedRow row : rows) {
          run.add(row);
        }
      }
      return sorted;
    } catch (IOException | RuntimeException e) {
      sorted.close();
      throw e;
    }
  }

  private Map<RowStep.Row, NetRow> net(SpillFile part, Map<Integer, Long> since, Fork fork)
      throws IOException {
    Map<RowStep.Row, NetRow> rows = new HashMap<>();
    Map<RowStep.Row, List<RowStep>> waiting = new LinkedHashMap<>();
    DataInputStream in = new DataInputStream(part.read());
    for (Optional<RowStep> next = codec.step(in); next.isPresent(); next = codec.step(in)) {
      RowStep step = next.get();
      if (step.place() < since.getOrDefault(step.table(), 0L)) {
        continue;
      }
      RowStep.Row row = step.row();
      List<RowStep> held = waiting.get(row);
      if (held != null) {
        held.add(step);
      } else if (step.isKeyed() && step.lacksSomething() && !rows.containsKey(row)) {
        waiting.put(row, new ArrayList<>(List.of(step)));
      } else {
        rows.computeIfAbsent(row, ignored -> new NetRow(step.isKeyed())).take(step);
      }
    }
    complete(waiting, rows, fork);
    return rows;
  }

  /** Rows whose first write was not logged whole are as they were at the fork point before it. */
  private static void complete(
      Map<RowStep.Row, List<RowStep>> waiting, Map<RowStep.Row, NetRow> rows, Fork fork) {
    Map<TableShape, List<RowStep.Row>> wanted = new LinkedHashMap<>();
    waiting.forEach((row, steps) ->
        wanted
            .computeIfAbsent(
                steps.getFirst().before().orElseThrow().shape(), ignored -> new ArrayList<>())
            .add(row));
    Map<RowStep.Row, Side> atFork = new HashMap<>();
    wanted.forEach((shape, keys) -> atFork.putAll(fork.rows(keys.getFirst().table(), shape, keys)));
    waiting.forEach((row, steps) -> {
      NetRow net = new NetRow(true);
      Side was = atFork.get(row);
      net.take(was == null ? steps.getFirst() : steps.getFirst().filledFrom(was));
      steps.subList(1, steps.size()).forEach(net::take);
      rows.put(row, net);
    });
  }

  @Override
  public void close() throws IOException {
    for (SpillFile part : parts) {
      part.close();
    }
  }
}
