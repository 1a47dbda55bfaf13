package dev.anabranch.promote.plan;

import static dev.anabranch.promote.plan.UndoPlannerTests.ITEM;
import static dev.anabranch.promote.plan.UndoPlannerTests.plan;
import static dev.anabranch.promote.plan.UndoPlannerTests.row;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

final class UndoPropertiesTest {

  /** Whole units or nothing, every undone cell as it was, every other cell as main has it. */
  @Property(tries = 300)
  void isTheInverseByBruteForce(@ForAll long seed) {
    Random random = new Random(seed);
    Map<String, Row> before = new TreeMap<>();
    for (int i = 0; i < 6; i++) {
      before.put("k" + i, row("k" + i, "a" + i, "b" + i));
    }
    Map<String, Row> now = new TreeMap<>(before);
    List<Long> units = List.of(1L, 2L, 3L, 4L);
    List<Written> written = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String key = "k" + i;
      List<Long> by = units.stream().filter(_ -> random.nextInt(3) == 0).toList();
      if (!by.isEmpty()) {
        written.add(write(random, key, before, now, by));
      }
    }
    Map<String, Row> promoted = new TreeMap<>(now);
    for (int i = random.nextInt(4); i > 0; i--) {
      edit(random, now);
    }
    Plan plan = plan(units, written, now.values().toArray(Row[]::new));

    Map<String, Row> after = new TreeMap<>(now);
    plan.changes().forEach(change -> apply(change, after));
    Map<String, Row> expected = new TreeMap<>(now);
    Set<Long> undone = new TreeSet<>(plan.landing());
    for (Written one : written) {
      assertThat(
              undone.containsAll(one.units()) || undone.stream().noneMatch(one.units()::contains))
          .as("one row's units together, seed %d", seed)
          .isTrue();
      if (undone.containsAll(one.units())) {
        takeBack(one, before, expected);
      }
    }
    assertThat(after).as("seed %d", seed).isEqualTo(expected);
    if (now.equals(promoted)) {
      assertThat(after).as("nothing was edited, seed %d", seed).isEqualTo(before);
    }
    assertThat(plan.held().isEmpty()).isEqualTo(plan.facts().isEmpty());
  }

  private static Written write(
      Random random, String key, Map<String, Row> before, Map<String, Row> now, List<Long> by) {
    Row was = before.get(key);
    if (was == null) {
      Row made = row(key, "new", "new");
      now.put(key, made);
      return new Written.Inserted(ITEM, made, by);
    }
    if (random.nextInt(3) == 0) {
      now.remove(key);
      return new Written.Deleted(ITEM, was, by);
    }
    int column = 2 + random.nextInt(2);
    CellValue value = CellValue.of("w" + random.nextInt(2));
    now.put(key, was.with(List.of(column), List.of(value)));
    return new Written.Updated(
        ITEM,
        new Row(new TreeMap<>(Map.of(1, was.value(1), column, was.value(column)))),
        new Row(new TreeMap<>(Map.of(1, was.value(1), column, value))),
        by);
  }

  private static void edit(Random random, Map<String, Row> now) {
    String key = "k" + random.nextInt(8);
    Row row = now.get(key);
    if (row == null) {
      now.put(key, row(key, "mains", "mains"));
    } else if (random.nextInt(4) == 0) {
      now.remove(key);
    } else {
      int column = 2 + random.nextInt(2);
      now.put(key, row.with(List.of(column), List.of(CellValue.of("e" + random.nextInt(2)))));
    }
  }

  private static void apply(RowChange change, Map<String, Row> rows) {
    String key = change.key().values().getFirst();
    switch (change) {
      case RowChange.Insert insert ->
          assertThat(rows.put(key, new Row(insert.cells()))).as("a row is there").isNull();
      case RowChange.Update update ->
          rows.computeIfPresent(
              key,
              (_, row) -> {
                var cells = new TreeMap<>(row.values());
                cells.putAll(update.cells());
                return new Row(cells);
              });
      case RowChange.Delete ignored -> rows.remove(key);
    }
  }

  private static void takeBack(Written one, Map<String, Row> before, Map<String, Row> rows) {
    switch (one) {
      case Written.Inserted inserted -> rows.remove(text(inserted.row()));
      case Written.Deleted deleted -> rows.put(text(deleted.row()), deleted.row());
      case Written.Updated updated -> {
        Row was = Optional.ofNullable(before.get(text(updated.before()))).orElseThrow();
        List<Integer> columns = List.copyOf(updated.after().values().keySet());
        rows.computeIfPresent(
            text(updated.after()),
            (_, row) -> row.with(columns, columns.stream().map(was::value).toList()));
      }
    }
  }

  private static String text(Row row) {
    return row.key(List.of(1)).values().getFirst();
  }
}
