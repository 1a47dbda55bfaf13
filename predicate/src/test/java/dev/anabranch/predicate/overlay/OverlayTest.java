package dev.anabranch.predicate.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.NewestRow;
import dev.anabranch.predicate.overlay.RowThenAndNow.Conflict;
import dev.anabranch.predicate.timeline.Landed;
import dev.anabranch.predicate.timeline.Past;
import dev.anabranch.predicate.timeline.Seen;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The changes of an answer are those between the rows that it saw and main's rows now with the
 * branch's open work laid over: compared with a model that replays all of it, through promotions
 * under the same and under other keys.
 */
class OverlayTest {

  private static final long SEED = Long.getLong("anabranch.seed", 20261128L);
  private static final int ROUNDS = 3_000;
  private static final TableId TABLE = new TableId(1);
  private static final TableShape SHAPE =
      new TableShape(
          TABLE,
          "public",
          "o",
          List.of(
              new Column(1, "id", 23, -1, true),
              new Column(2, "a", 25, -1, false),
              new Column(3, "b", 25, -1, false)));

  @Test
  void changesAreThoseOfAModelThatReplaysEverything() {
    for (int round = 0; round < ROUNDS; round++) {
      assertThat(new Model(new Random(SEED + round)).differences(Traps.NONE))
          .as("seed " + (SEED + round))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Trap.class,
      names = {"NO_OVERLAY", "LAY_OVER_LANDED"})
  void aRuleSwitchedOffIsSeen(Trap trap) {
    Set<String> differences = new HashSet<>();
    for (int round = 0; round < ROUNDS && differences.isEmpty(); round++) {
      differences.addAll(new Model(new Random(SEED + round)).differences(Traps.of(trap)));
    }
    assertThat(differences).isNotEmpty();
  }

  /** A branch and main, each with rows of its own, and promotions between them. */
  private static final class Model {
    private final Random random;
    private final Map<Key, Image> fork = new HashMap<>();
    private final Map<Key, Image> branch = new HashMap<>();
    private final Map<Key, Image> main = new HashMap<>();
    private final List<Unit> units = new ArrayList<>();
    private final List<Map<Key, Image>> states = new ArrayList<>();
    private final Set<Long> landed = new HashSet<>();
    private final Set<Key> openKeys = new HashSet<>();
    private final Map<Key, Key> renumbered = new HashMap<>();
    private int fresh = 100;

    Model(Random random) {
      this.random = random;
      for (int id = 0; id < 4; id++) {
        fork.put(key(id), row(id, "a0", "b0"));
      }
      branch.putAll(fork);
      main.putAll(fork);
      states.add(Map.copyOf(branch));
      for (int turn = 0; turn < 12; turn++) {
        switch (random.nextInt(3)) {
          case 0 -> write();
          case 1 -> moveMain();
          default -> promote();
        }
      }
    }

    private static Key key(int id) {
      return new Key(List.of(Integer.toString(id)));
    }

    private static Image row(int id, String a, String b) {
      return new Image(
          List.of(new Cell.Text(Integer.toString(id)), new Cell.Text(a), new Cell.Text(b)));
    }

    private Image changed(Image row) {
      List<Cell> cells = new ArrayList<>(row.cells());
      cells.set(1 + random.nextInt(2), new Cell.Text("v" + random.nextInt(4)));
      return new Image(cells);
    }

    private @Nullable Image next(Map<Key, Image> rows, int id) {
      Image now = rows.get(key(id));
      if (now == null) {
        return row(id, "n" + random.nextInt(2), "b0");
      }
      return random.nextInt(4) == 0 ? null : changed(now);
    }

    private void write() {
      List<Write> writes = new ArrayList<>();
      Lsn lsn = new Lsn(units.size() + 1);
      int count = 1 + random.nextInt(2);
      for (int i = 0; i < count; i++) {
        int id = random.nextInt(7);
        Image before = branch.get(key(id));
        Image after = next(branch, id);
        if (before == null && after != null) {
          writes.add(new Write.Insert(TABLE, lsn, after));
        } else if (before != null && after == null) {
          writes.add(new Write.Delete(TABLE, lsn, before));
        } else if (before != null && after != null) {
          writes.add(new Write.Update(TABLE, lsn, before, after));
        }
        put(branch, key(id), after);
      }
      units.add(
          new Unit(
              units.size() + 1,
              new BranchId(1),
              units.size() + 1,
              lsn,
              Instant.EPOCH,
              List.of(SHAPE),
              writes));
      states.add(Map.copyOf(branch));
    }

    private static void put(Map<Key, Image> rows, Key key, @Nullable Image row) {
      if (row == null) {
        rows.remove(key);
      } else {
        rows.put(key, row);
      }
    }

    private void moveMain() {
      int id = random.nextInt(7);
      put(main, key(id), next(main, id));
      if (random.nextInt(3) == 0) {
        Image again = fork.get(key(id));
        put(main, key(id), again);
      }
      if (!renumbered.isEmpty() && random.nextInt(2) == 0) {
        Key there = renumbered.values().iterator().next();
        if (main.containsKey(there)) {
          main.put(there, changed(Objects.requireNonNull(main.get(there))));
        }
      }
    }

    /** Lands the first unit that has not, unless the two sides contradict each other in it. */
    private void promote() {
      for (Unit unit : units) {
        if (landed.contains(unit.id())) {
          continue;
        }
        Map<Key, Image> next = new HashMap<>(main);
        Map<Key, Key> numbers = new HashMap<>(renumbered);
        boolean blocked = unit.writes().stream().anyMatch(w -> openKeys.contains(keyOf(w)));
        if (!blocked && unit.writes().stream().allMatch(write -> land(next, numbers, write))) {
          main.clear();
          main.putAll(next);
          renumbered.putAll(numbers);
          landed.add(unit.id());
          return;
        }
        unit.writes().forEach(write -> openKeys.add(keyOf(write)));
        if (random.nextBoolean()) {
          return;
        }
      }
    }

    private static Key keyOf(Write write) {
      return switch (write) {
        case Write.Insert insert -> SHAPE.keyOf(insert.after());
        case Write.Update update -> SHAPE.keyOf(update.after());
        case Write.Delete delete -> SHAPE.keyOf(delete.before());
        case Write.Truncate ignored -> throw new IllegalStateException();
      };
    }

    private boolean land(Map<Key, Image> rows, Map<Key, Key> numbers, Write write) {
      Key key = keyOf(write);
      Key there = numbers.getOrDefault(key, key);
      Image now = rows.get(there);
      return switch (write) {
        case Write.Insert insert -> {
          if (numbers.containsKey(key)) {
            yield false;
          }
          if (now != null || random.nextInt(3) == 0) {
            there = key(fresh++);
            numbers.put(key, there);
          }
          rows.put(there, SHAPE.withKey(insert.after(), there));
          yield true;
        }
        case Write.Update update -> {
          Optional<Image> merged =
              now == null
                  ? Optional.empty()
                  : merge(
                      SHAPE.withKey(update.before(), there),
                      now,
                      SHAPE.withKey(update.after(), there));
          merged.ifPresent(row -> rows.put(keyThere(numbers, key), row));
          yield merged.isPresent();
        }
        case Write.Delete delete -> {
          boolean fits = now != null && now.equals(SHAPE.withKey(delete.before(), there));
          rows.remove(there);
          yield fits && !numbers.containsKey(key);
        }
        case Write.Truncate ignored -> false;
      };
    }

    private static Key keyThere(Map<Key, Key> numbers, Key key) {
      return numbers.getOrDefault(key, key);
    }

    /** Cell by cell; empty when both changed the same cell to different values. */
    private static Optional<Image> merge(Image base, Image theirs, Image ours) {
      List<Cell> cells = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Cell was = base.cells().get(i);
        Cell mine = ours.cells().get(i);
        Cell their = theirs.cells().get(i);
        if (!mine.equals(was) && !their.equals(was) && !mine.equals(their)) {
          return Optional.empty();
        }
        cells.add(mine.equals(was) ? their : mine);
      }
      return Optional.of(new Image(cells));
    }

    /** What the overlay says otherwise than this model, for an answer after each unit. */
    List<String> differences(Traps traps) {
      Past past = new Past(units, new Landed(landed, Map.of(TABLE, renumbered)));
      List<NewestRow> delta = new ArrayList<>();
      Set<Key> all = new HashSet<>(fork.keySet());
      all.addAll(main.keySet());
      for (int id = 0; id < 7; id++) {
        all.add(key(id));
      }
      for (Key key : all) {
        if (!Objects.equals(fork.get(key), main.get(key)) || random.nextInt(3) == 0) {
          delta.add(new NewestRow(key, Optional.ofNullable(main.get(key)), new Lsn(9)));
        }
      }
      Overlay overlay =
          new Overlay(
              SHAPE,
              SHAPE,
              Overlay.ofMain(delta, fork),
              past,
              RowNames.of(past.landed(), Map.of()),
              traps);
      List<String> differences = new ArrayList<>();
      for (int seen = 0; seen <= units.size(); seen++) {
        Map<Key, RowThenAndNow> changes = new HashMap<>();
        overlay.plain().all().forEach(change -> changes.put(change.key(), change));
        overlay
            .mixed(new Seen(past, seen, Set.of(), Optional.empty()))
            .forEach(change -> changes.put(change.key(), change));
        for (Key key : all) {
          Optional<String> difference = difference(key, seen, changes.get(key));
          int upTo = seen;
          difference.ifPresent(text -> differences.add(upTo + " seen, key " + key + ": " + text));
        }
      }
      return differences;
    }

    private Optional<String> difference(Key key, int seen, @Nullable RowThenAndNow change) {
      Image before = states.get(seen).get(key);
      if (change != null && !(change.conflict() instanceof Conflict.None)) {
        return Objects.equals(change.before().orElse(null), before)
            ? Optional.empty()
            : Optional.of("before " + change.before() + " and not " + before);
      }
      Optional<Now> after = after(key, seen);
      if (after.isEmpty()) {
        return change == null && Objects.equals(before, main.get(key))
            ? Optional.empty()
            : Optional.of("no conflict in " + change);
      }
      Image told = change == null ? before : change.after().orElse(null);
      if (change != null && !Objects.equals(change.before().orElse(null), before)) {
        return Optional.of("before " + change.before() + " and not " + before);
      }
      return Objects.equals(told, after.get().row().orElse(null))
          ? Optional.empty()
          : Optional.of("after " + told + " and not " + after.get().row());
    }

    /** A row, or that there is none. */
    private record Now(Optional<Image> row) {}

    /** Main's row under the open work of the first units; empty when they contradict each other. */
    private Optional<Now> after(Key key, int seen) {
      Optional<Image> now = Optional.ofNullable(main.get(key));
      Key own = key;
      for (Map.Entry<Key, Key> number : renumbered.entrySet()) {
        if (number.getValue().equals(key)) {
          own = number.getKey();
        } else if (number.getKey().equals(key)) {
          return Optional.of(new Now(now)); // The branch's row of this key is another one on main.
        }
      }
      int lastLanded = 0;
      boolean open = false;
      for (int i = 0; i < seen; i++) {
        for (Write write : units.get(i).writes()) {
          if (keyOf(write).equals(own)) {
            lastLanded = landed.contains(units.get(i).id()) ? i + 1 : lastLanded;
            open |= !landed.contains(units.get(i).id());
          }
        }
      }
      if (!open) {
        return Optional.of(new Now(now));
      }
      Optional<Image> base = at(lastLanded, own, key);
      Optional<Image> ours = at(seen, own, key);
      if (base.equals(now) || (ours.equals(now) && base.isPresent())) {
        return Optional.of(new Now(ours));
      }
      if (base.isEmpty() && ours.isEmpty()) {
        return Optional.of(new Now(now));
      }
      if (base.isEmpty() || now.isEmpty() || ours.isEmpty()) {
        return base.isPresent() && base.equals(ours) && written(seen, own).isEmpty()
            ? Optional.of(new Now(now))
            : Optional.empty();
      }
      for (int place : written(seen, own)) {
        Cell was = base.get().cells().get(place);
        Cell theirs = now.get().cells().get(place);
        if (!theirs.equals(was) && !theirs.equals(ours.get().cells().get(place))) {
          return Optional.empty(); // Also where ours has come back to what it was.
        }
      }
      return merge(base.get(), now.get(), ours.get()).map(row -> new Now(Optional.of(row)));
    }

    /** The places of what open work changed on the way. */
    private Set<Integer> written(int seen, Key own) {
      Set<Integer> places = new HashSet<>();
      for (int i = 0; i < seen; i++) {
        for (Write write : landed.contains(units.get(i).id()) ? List.<Write>of() : writes(i, own)) {
          for (int place = 0; place < 3; place++) {
            if (!(write instanceof Write.Update(var table, var lsn, Image before, Image after))
                || !before.cells().get(place).equals(after.cells().get(place))) {
              places.add(place);
            }
          }
        }
      }
      return places;
    }

    private List<Write> writes(int unit, Key key) {
      return units.get(unit).writes().stream().filter(write -> keyOf(write).equals(key)).toList();
    }

    private Optional<Image> at(int seen, Key own, Key key) {
      return Optional.ofNullable(states.get(seen).get(own)).map(row -> SHAPE.withKey(row, key));
    }
  }
}
