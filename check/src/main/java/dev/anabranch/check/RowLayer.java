package dev.anabranch.check;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Identifiers;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Write;
import dev.anabranch.predicate.world.World.Contradiction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Lays one write after the other over main's rows, each on what the one before it left. */
final class RowLayer {

  private final Connection connection;
  private final RowReader reader;
  private final Function<TableShape, Set<Integer>> sums;
  private final Agreements agreed;

  /**
   * @param sums the places in a table's rows where sums stand
   * @param agreed what was agreed upon before; grows by what is now
   */
  RowLayer(
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
   * @param write in main's layout
   * @throws SQLException when a constraint refuses the row; the transaction has to be rolled back
   */
  Optional<Contradiction> apply(TableShape shape, Write write) throws SQLException {
    RowSql sql = new RowSql(connection, shape);
    return switch (write) {
      case Write.Insert insert -> insert(sql, insert.after());
      case Write.Update update -> update(sql, update.before(), update.after());
      case Write.Delete delete -> delete(sql, delete.before());
      case Write.Truncate ignored -> Optional.of(WriteReplayer.notApplied(shape.id()));
    };
  }

  private Optional<Contradiction> insert(RowSql sql, Image after) throws SQLException {
    TableShape shape = sql.shape();
    if (shape.hasKey()) {
      Optional<Image> current = current(shape, after);
      if (current.isPresent()) {
        return Optional.of(at(shape, after));
      }
    }
    return sql.insert(RowSql.sent(after), List.of(after))
        ? unless(
            !shape.hasKey() || !agreed.hasGone(shape, shape.keyOf(after)), () -> at(shape, after))
        : Optional.of(notApplied(shape));
  }

  private Optional<Contradiction> update(RowSql sql, Image before, Image after)
      throws SQLException {
    TableShape shape = sql.shape();
    if (!shape.hasKey()) {
      return updateOneLike(sql, before, after);
    }
    Optional<Image> current = current(shape, before);
    boolean moved = !shape.keyOf(before).equals(shape.keyOf(after));
    if (moved
        && (current.isEmpty()
            || !RowSql.agree(current.get(), before)
            || agreed.has(shape, shape.keyOf(before))
            || current(shape, after).isPresent())) {
      return Optional.of(notApplied(shape));
    }
    if (current.isEmpty()) {
      return Optional.of(at(shape, before));
    }
    List<Integer> changed = changed(before, after);
    if (changed.isEmpty()) {
      return Optional.empty();
    }
    Set<Integer> added = sums.apply(shape);
    Key key = shape.keyOf(before);
    boolean agrees =
        changed.stream()
            .allMatch(place ->
                RowSql.agree(place, current.get(), before, after, added.contains(place))
                    && !agreed.has(shape, key, place));
    if (!sql.update(changed, Map.of(key, after))) {
      return Optional.of(notApplied(shape));
    }
    changed.forEach(place -> agreed.note(shape, key, place, current.get(), before));
    return unless(agrees, () -> at(shape, before));
  }

  private Optional<Contradiction> delete(RowSql sql, Image before) throws SQLException {
    TableShape shape = sql.shape();
    if (!shape.hasKey()) {
      return before.isWhole()
          ? unless(
              sql.run(
                  "DELETE FROM ONLY " + shape.quotedName() + whereOneLike(shape),
                  List.of(List.of(literal(before)))),
              () -> notApplied(shape))
          : Optional.of(notApplied(shape));
    }
    Optional<Image> current = current(shape, before);
    Key key = shape.keyOf(before);
    if (current.isEmpty()) {
      agreed.noteGone(shape, key);
      return Optional.empty();
    }
    return sql.delete(List.of(key))
        ? unless(
            RowSql.agree(current.get(), before) && !agreed.has(shape, key), () -> at(shape, before))
        : Optional.of(notApplied(shape));
  }

  /** Without a key, rows that are the same to the byte are as good as each other. */
  private static Optional<Contradiction> updateOneLike(RowSql sql, Image before, Image after)
      throws SQLException {
    TableShape shape = sql.shape();
    List<Integer> changed = changed(before, after);
    if (changed.isEmpty()) {
      return Optional.empty();
    }
    if (!before.isWhole()) {
      return Optional.of(notApplied(shape));
    }
    String sets =
        changed.stream()
            .map(place -> Identifiers.quote(shape.columns().get(place).name()) + " = ?")
            .collect(Collectors.joining(", "));
    List<@Nullable String> values = new ArrayList<>();
    changed.forEach(place -> values.add(after.cells().get(place).text()));
    values.add(literal(before));
    return unless(
        sql.run(
            "UPDATE ONLY " + shape.quotedName() + " SET " + sets + whereOneLike(shape),
            List.of(values)),
        () -> notApplied(shape));
  }

  /** The places of the cells that differ. */
  static List<Integer> changed(Image before, Image after) {
    List<Integer> changed = new ArrayList<>();
    for (int i = 0; i < before.cells().size(); i++) {
      if (!before.cells().get(i).equals(after.cells().get(i))) {
        changed.add(i);
      }
    }
    return changed;
  }

  /** {@code *=} compares what is stored: equal numbers of other scale are other rows. */
  private static String whereOneLike(TableShape shape) {
    String table = shape.quotedName();
    return " WHERE ctid = (SELECT r.ctid FROM ONLY "
        + table
        + " r WHERE r *= CAST(? AS "
        + table
        + ") LIMIT 1)";
  }

  /** A row as Postgres reads one: {@code (a,"b, c",)}. */
  private static String literal(Image row) {
    return row.cells().stream()
        .map(Cell::text)
        .map(text ->
            text == null ? "" : '"' + text.replace("\\", "\\\\").replace("\"", "\"\"") + '"')
        .collect(Collectors.joining(",", "(", ")"));
  }

  private Optional<Image> current(TableShape shape, Image image) throws SQLException {
    Key key = shape.keyOf(image);
    Map<Key, Image> found = reader.read(shape, List.of(key));
    return found.values().stream().findFirst();
  }

  private static Optional<Contradiction> unless(
      boolean fine, Supplier<Contradiction> contradiction) {
    return fine ? Optional.empty() : Optional.of(contradiction.get());
  }

  private static Contradiction at(TableShape shape, Image row) {
    return WriteReplayer.at(shape, shape.keyOf(row));
  }

  private static Contradiction notApplied(TableShape shape) {
    return WriteReplayer.notApplied(shape.id());
  }
}
