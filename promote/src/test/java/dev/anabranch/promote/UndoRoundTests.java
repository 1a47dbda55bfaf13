package dev.anabranch.promote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.TableShape;
import dev.anabranch.testkit.TemporaryPostgres;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random promotions, random edits of main after them, and an undoing: main is afterwards what
 * taking back the undone units by brute force makes of it, cell by cell.
 */
@Tag("postgres")
final class UndoRoundTests {

  private static final List<String> COLUMNS = List.of("a", "b", "parent");
  private static final int ROWS = 12;

  /** What a unit touched: row and column; all columns where the row came or went. */
  private final Map<Long, Set<String>> touched = new HashMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18})
  void isWhatBruteForceMakesOfIt(long seed) {
    Random random = new Random(seed);
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE node (id int PRIMARY KEY, a text, b int UNIQUE, parent int REFERENCES"
                + " node)",
            "INSERT INTO node SELECT i, 'x' || i, i, NULLIF(i / 3, 0) FROM generate_series(1, "
                + ROWS
                + ") i")) {
      Map<String, Map<String, String>> before = rows(fork);
      branchWork(fork, random, before);
      Promotion promotion = fork.promote();
      assertThat(promotion.units().held()).as("seed %d %s", seed, promotion).isZero();
      int edits = random.nextInt(5);
      for (int i = 0; i < edits; i++) {
        edit(fork, random);
      }
      Map<String, Map<String, String>> edited = rows(fork);
      Promotion undone = fork.undo(promotion.receipt());
      Receipt receipt = fork.promotions.receipt(undone.receipt());

      Map<String, Map<String, String>> expected = new TreeMap<>(edited);
      for (long unit : receipt.landed()) {
        touched.getOrDefault(unit, Set.of()).forEach(row -> takeBack(row, before, expected));
      }
      assertThat(rows(fork)).as("seed %d, %s", seed, undone.facts()).isEqualTo(expected);
      if (edits == 0) {
        assertThat(rows(fork)).as("seed %d", seed).isEqualTo(before);
      }
      assertThat(receipt.landed().size() + receipt.held().size())
          .isEqualTo(promotion.units().landed());
      assertThat(receipt.held().isEmpty()).isEqualTo(undone.facts().isEmpty());
      if (undone.committed().isPresent()) {
        Promotion redone = fork.undo(undone.receipt());
        assertThat(redone.facts()).as("seed %d", seed).isEmpty();
        assertThat(rows(fork)).as("seed %d, redone", seed).isEqualTo(edited);
      }
    }
  }

  private static void takeBack(
      String cell, Map<String, Map<String, String>> before, Map<String, Map<String, String>> rows) {
    String row = cell.substring(0, cell.indexOf('.'));
    String column = cell.substring(cell.indexOf('.') + 1);
    Map<String, String> was = before.get(row);
    if (was == null) {
      rows.remove(row);
    } else if (!rows.containsKey(row)) {
      rows.put(row, was);
    } else if (!column.equals("*")) {
      Map<String, String> now = new LinkedHashMap<>(rows.get(row));
      now.put(column, String.valueOf(was.get(column)));
      rows.put(row, now);
    }
  }

  private void branchWork(Fork fork, Random random, Map<String, Map<String, String>> before) {
    TableShape node = fork.table("node");
    Set<String> alive = new TreeSet<>(before.keySet());
    Set<String> leaves = new TreeSet<>(before.keySet());
    before.values().forEach(row -> leaves.remove(String.valueOf(row.get("parent"))));
    int units = 1 + random.nextInt(5);
    for (int i = 0; i < units; i++) {
      Set<String> cells = new TreeSet<>();
      int number = i;
      var unit =
          fork.branch.unit(writes -> {
            int count = 1 + random.nextInt(3);
            for (int j = 0; j < count; j++) {
              String row = List.copyOf(alive).get(random.nextInt(alive.size()));
              switch (random.nextInt(5)) {
                case 0 -> {
                  String made = Integer.toString(100 + number * 10 + j);
                  writes.insert(node, made, "new", made, row);
                  alive.add(made);
                  leaves.remove(row);
                  cells.add(made + ".*");
                }
                case 1 -> {
                  if (leaves.remove(row) && alive.size() > 4) {
                    alive.remove(row);
                    writes.delete(node, row);
                    cells.add(row + ".*");
                  }
                }
                case 2 -> {
                  writes.update(node, row, "b", Integer.toString(1000 + number * 10 + j));
                  cells.add(row + ".b");
                }
                default -> {
                  writes.update(node, row, "a", "u" + number + j);
                  cells.add(row + ".a");
                }
              }
            }
          });
      touched.put(unit.id(), cells);
    }
  }

  private static void edit(Fork fork, Random random) {
    List<String> ids = fork.ask("SELECT id FROM node ORDER BY id");
    String id = ids.get(random.nextInt(ids.size()));
    fork.main(
        switch (random.nextInt(4)) {
          case 0 -> "UPDATE node SET a = a || '!' WHERE id = " + id;
          case 1 -> "UPDATE node SET b = b + 5000 WHERE id = " + id;
          case 2 ->
              "INSERT INTO node VALUES ("
                  + (500 + random.nextInt(1000))
                  + ", 'mains', NULL, "
                  + id
                  + ")";
          default ->
              "DELETE FROM node n WHERE id = "
                  + id
                  + " AND NOT EXISTS (SELECT FROM node c WHERE c.parent = n.id)";
        });
  }

  private static Map<String, Map<String, String>> rows(Fork fork) {
    Map<String, Map<String, String>> rows = new TreeMap<>();
    for (String line : fork.ask("SELECT id, a, b, parent FROM node")) {
      List<String> cells = new ArrayList<>(List.of(line.split("\\|")));
      Map<String, String> row = new LinkedHashMap<>();
      IntStream.range(0, COLUMNS.size()).forEach(i -> row.put(COLUMNS.get(i), cells.get(i + 1)));
      rows.put(cells.getFirst(), row);
    }
    return rows;
  }
}
