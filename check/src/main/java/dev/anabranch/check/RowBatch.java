package dev.anabranch.check;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Write;
import dev.anabranch.predicate.world.World.Contradiction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Lays what many writes come to over the rows of one table at once: rows that are gone first, then
 * those that are others, then those that are new.
 */
final class RowBatch {

  private final Connection connection;
  private final RowReader reader;
  private final Function<TableShape, Set<Integer>> sums;
  private final Agreements agreed;

  /**
   * @param sums the places in a table's rows where sums stand
   * @param agreed what was agreed upon before; grows by what is now
   */
  RowBatch(
      Connection connection,
      RowReader reader,
      Function<TableShape, Set<Integer>> sums,
      Agreements agreed) {
    this.connection = connection;
    this.reader = reader;
    this.sums = sums;
    this.agreed = agreed;
  }

  /**
   * A row before the first write to it and after the last.
   *
   * @param written the places of what any write changed
   */
  private record Net(Optional<Image> before, Optional<Image> after, BitSet written) {

    static Net of(Optional<Image> before, Optional<Image> after) {
      BitSet written = new BitSet();
      Image row = after.or(() -> before).orElseThrow();
      for (int i = 0; i < row.cells().size(); i++) {
        written.set(
            i,
            before.isEmpty()
                || after.isEmpty()
                || !before.get().cells().get(i).equals(after.get().cells().get(i)));
      }
      return new Net(before, after, written);
    }

    Net then(Net next) {
      BitSet all = (BitSet) written.clone();
      all.or(next.written);
      return new Net(before, next.after, all);
    }
  }

  /**
   * The contradictions; empty when these writes have to be laid over one by one, and nothing is
   * done then.
   *
   * @throws SQLException when a row does not fit; what was done has to be rolled back
   */
  Optional<Set<Contradiction>> apply(TableShape shape, List<Write> writes) throws SQLException {
    if (!shape.hasKey()) {
      return inserts(shape, writes);
    }
    Optional<Map<Key, Net>> net = net(shape, writes);
    if (net.isEmpty()) {
      return Optional.empty();
    }
    Map<Key, Image> current = reader.read(shape, net.get().keySet());
    if (!net.get().keySet().containsAll(current.keySet())) {
      return Optional.empty(); // keys of another spelling
    }
    Statements statements = new Statements(shape);
    net.get()
        .forEach((key, row) -> statements.take(key, row, Optional.ofNullable(current.get(key))));
    return Optional.of(statements.run());
  }

  /** New rows of a table without a key stand in nobody's way. */
  private Optional<Set<Contradiction>> inserts(TableShape shape, List<Write> writes)
      throws SQLException {
    Map<List<Integer>, List<Image>> rows = new LinkedHashMap<>();
    for (Write write : writes) {
      if (!(write instanceof Write.Insert(var ignored, var alsoIgnored, Image after))) {
        return Optional.empty();
      }
      rows.computeIfAbsent(RowSql.sent(after), none -> new ArrayList<>()).add(after);
    }
    boolean all = true;
    for (Map.Entry<List<Integer>, List<Image>> insert : rows.entrySet()) {
      all &= new RowSql(connection, shape).insert(insert.getKey(), insert.getValue());
    }
    return Optional.of(all ? Set.of() : Set.of(WriteReplayer.notApplied(shape.id())));
  }

  /** By key; empty when a row changes its key, or writes do not follow each other. */
  private static Optional<Map<Key, Net>> net(TableShape shape, List<Write> writes) {
    Map<Key, Net> net = new LinkedHashMap<>();
    for (Write write : writes) {
      Net change = of(write);
      Key key = shape.keyOf(change.before().or(change::after).orElseThrow());
      if (change.after().isPresent() && !shape.keyOf(change.after().get()).equals(key)) {
        return Optional.empty();
      }
      Net earlier = net.get(key);
      if (earlier != null && !earlier.after().equals(change.before())) {
        return Optional.empty();
      }
      net.put(key, earlier == null ? change : earlier.then(change));
    }
    return Optional.of(net);
  }

  private static Net of(Write write) {
    return switch (write) {
      case Write.Insert insert -> Net.of(Optional.empty(), Optional.of(insert.after()));
      case Write.Update update -> Net.of(Optional.of(update.before()), Optional.of(update.after()));
      case Write.Delete delete -> Net.of(Optional.of(delete.before()), Optional.empty());
      case Write.Truncate ignored -> throw new IllegalStateException("no row is truncated");
    };
  }

  /** What is to be done to one table, and what was found on the way. */
  private final class Statements {
    private final TableShape shape;
    private final RowSql sql;
    private final Set<Integer> added;
    private final Set<Contradiction> contradicted = new HashSet<>();
    private final Agreements fresh = new Agreements();
    private final List<Key> deletes = new ArrayList<>();
    private final Map<List<Integer>, Map<Key, Image>> updates = new LinkedHashMap<>();
    private final Map<List<Integer>, List<Image>> inserts = new LinkedHashMap<>();

    Statements(TableShape shape) {
      this.shape = shape;
      this.sql = new RowSql(connection, shape);
      this.added = sums.apply(shape);
    }

    void take(Key key, Net row, Optional<Image> current) {
      if (row.after().isEmpty()) {
        if (row.before().isPresent() && current.isPresent()) {
          note(RowSql.agree(current.get(), row.before().get()) && !agreed.has(shape, key), key);
          deletes.add(key);
        } else if (row.before().isPresent()) {
          fresh.noteGone(shape, key);
        }
      } else if (row.before().isEmpty()) {
        if (current.isPresent()) {
          note(false, key);
        } else {
          note(!agreed.hasGone(shape, key), key);
          inserts
              .computeIfAbsent(RowSql.sent(row.after().get()), ignored -> new ArrayList<>())
              .add(row.after().get());
        }
      } else {
        update(key, row, current);
      }
    }

    private void update(Key key, Net row, Optional<Image> current) {
      Image before = row.before().orElseThrow();
      Image after = row.after().orElseThrow();
      List<Integer> changed =
          IntStream.range(0, shape.columns().size())
              .filter(i -> !before.cells().get(i).equals(after.cells().get(i)))
              .boxed()
              .toList();
      if (current.isEmpty()) {
        note(false, key);
      } else {
        note(
            row.written().stream()
                .allMatch(i ->
                    RowSql.agree(i, current.get(), before, after, added.contains(i))
                        && !agreed.has(shape, key, i)),
            key);
        row.written().stream().forEach(i -> fresh.note(shape, key, i, current.get(), before));
        if (!changed.isEmpty()) {
          updates.computeIfAbsent(changed, ignored -> new LinkedHashMap<>()).put(key, after);
        }
      }
    }

    private void note(boolean fine, Key key) {
      if (!fine) {
        contradicted.add(WriteReplayer.at(shape, key));
      }
    }

    Set<Contradiction> run() throws SQLException {
      boolean all = sql.delete(deletes);
      for (Map.Entry<List<Integer>, Map<Key, Image>> update : updates.entrySet()) {
        all &= sql.update(update.getKey(), update.getValue());
      }
      for (Map.Entry<List<Integer>, List<Image>> insert : inserts.entrySet()) {
        all &= sql.insert(insert.getKey(), insert.getValue());
      }
      if (!all) {
        contradicted.add(WriteReplayer.notApplied(shape.id()));
      }
      agreed.addAll(fresh);
      return contradicted;
    }
  }
}
