package dev.anabranch.predicate.overlay;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.mainfeed.NewestRow;
import dev.anabranch.predicate.overlay.RowPast.Place;
import dev.anabranch.predicate.overlay.RowPast.Version;
import dev.anabranch.predicate.overlay.RowThenAndNow.Conflict;
import dev.anabranch.predicate.timeline.Past;
import dev.anabranch.predicate.timeline.Seen;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Main's net changes to one table as answers would see them, with the branch's own earlier writes
 * laid over. Made once for a table; each answer asks it with what it saw.
 *
 * <p>For a key that the branch did not write, a change is the fork's image and main's. For a key
 * that it wrote, the answer saw the branch's image, and now would see main's image with the cells
 * that the branch changed: matching main's raw images there would miss rows that only the two
 * together bring into a result, or take out of it.
 *
 * <p>What has landed is main's: the answer saw it as the branch had it, and now would see what main
 * has there. So keys that landed are looked at even where main's row is that of the fork point
 * again, or is under another key.
 */
public final class Overlay {

  private final TableShape shape;
  private final RowPast branch;
  private final Map<Key, RowThenAndNow> main;
  private final RowNames names;
  private final Map<Key, Key> renumbered;
  private final Map<Key, Key> origins;
  private final ChangedRows plain;
  private final Set<Key> mixed;
  private final List<Place> unkeyed;
  private final BitSet bearing;
  private final Set<Integer> sums;
  private final boolean followNoRenames;

  /**
   * One of a table in which nothing adds up.
   *
   * @param shape the table's layout on main
   * @param fork the table at the fork point
   * @param ofMain main's own changes, by {@link #ofMain(List, Map)}
   * @param names what the branch's rows are called on main
   */
  public Overlay(
      TableShape shape,
      TableShape fork,
      List<RowThenAndNow> ofMain,
      Past past,
      RowNames names,
      Traps traps) {
    this(shape, fork, ofMain, past, names, Set.of(), traps);
  }

  /**
   * @param sums the places where both sides add to what they find: that they have the same then is
   *     no agreement, and main will have another number
   */
  public Overlay(
      TableShape shape,
      TableShape fork,
      List<RowThenAndNow> ofMain,
      Past past,
      RowNames names,
      Set<Integer> sums,
      Traps traps) {
    this.sums = traps.has(Trap.EQUAL_SUMS_AGREE) ? Set.of() : Set.copyOf(sums);
    this.followNoRenames = traps.has(Trap.RENAMED_ROWS_ARE_NEW);
    this.shape = shape;
    this.names = names;
    this.branch =
        new RowPast(
            shape,
            fork,
            traps.has(Trap.NO_OVERLAY) ? new Past(List.of(), past.landed()) : past,
            traps);
    this.unkeyed = new ArrayList<>(branch.unkeyed());
    this.main = new HashMap<>();
    this.renumbered = new LinkedHashMap<>();
    this.origins = new HashMap<>();
    this.mixed = new LinkedHashSet<>();
    this.bearing = new BitSet();
    if (names.concern(shape.id())) {
      branch.rows().forEach(this::call);
    }
    renumbered.forEach((from, to) -> origins.put(to, from));
    this.plain = ChangedRows.of(sorted(ofMain));
    ofMain.stream()
        .filter(change -> mixed.contains(change.key()))
        .forEach(change -> main.put(change.key(), change));
  }

  private Overlay(Overlay earlier, ChangedRows plain) {
    this.shape = earlier.shape;
    this.branch = earlier.branch;
    this.main = earlier.main;
    this.names = earlier.names;
    this.renumbered = earlier.renumbered;
    this.origins = earlier.origins;
    this.plain = plain;
    this.mixed = earlier.mixed;
    this.unkeyed = earlier.unkeyed;
    this.bearing = earlier.bearing;
    this.sums = earlier.sums;
    this.followNoRenames = earlier.followNoRenames;
  }

  /**
   * The same when main has changed some rows again, or others.
   *
   * @param later none of a row that the branch wrote, and none as it was at the fork point
   */
  public Overlay with(List<RowThenAndNow> later) {
    return new Overlay(this, plain.with(later));
  }

  /** Rows that main calls otherwise, by their own key or by that of a row that they name. */
  private void call(Key key, List<Version> versions) {
    for (Version version : versions) {
      Image row = version.to().or(version::from).orElseThrow();
      Optional<Image> onMain = names.onMain(shape, row);
      if (onMain.isEmpty()) {
        unkeyed.add(version.place());
      } else if (!onMain.get().equals(row)) {
        Key other = shape.keyOf(onMain.get());
        mixed.add(key);
        mixed.add(other);
        if (!other.equals(key)) {
          renumbered.put(key, other);
        }
      }
    }
  }

  /**
   * The same as the branch calls main's rows. Empty when a row of main's can't be called so.
   *
   * @param ofMain as in the constructor
   */
  public static Optional<Overlay> asTheBranchCalls(
      TableShape shape,
      TableShape fork,
      List<RowThenAndNow> ofMain,
      Past past,
      RowNames names,
      Set<Integer> sums,
      Traps traps) {
    Map<Key, RowThenAndNow> called = new LinkedHashMap<>();
    for (RowThenAndNow change : ofMain) {
      Optional<Image> after = change.after().flatMap(row -> names.onBranch(shape, row));
      Optional<Key> key = after.map(shape::keyOf);
      boolean sameRow =
          change.before().isEmpty() || key.isEmpty() || key.get().equals(change.key());
      RowThenAndNow other =
          new RowThenAndNow(key.orElse(change.key()), change.before(), after, change.conflict());
      if (after.isPresent() != change.after().isPresent()
          || !sameRow
          || called.put(other.key(), other) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(
        new Overlay(shape, fork, List.copyOf(called.values()), past, RowNames.SAME, sums, traps));
  }

  /** Notes the rows that the branch wrote too; the others come back. */
  private List<RowThenAndNow> sorted(List<RowThenAndNow> ofMain) {
    List<RowThenAndNow> alone = new ArrayList<>();
    for (RowThenAndNow change : ofMain) {
      if (branch.has(change.key()) || origin(change.key()).filter(branch::has).isPresent()) {
        mixed.add(change.key());
      } else {
        alone.add(change);
      }
    }
    mixed.addAll(branch.landed());
    mixed.addAll(renamed(mixed));
    for (Key key : mixed) {
      branch.of(key).forEach(version -> bearing.set(version.place().unit()));
      origin(key)
          .ifPresent(
              from -> branch.of(from).forEach(version -> bearing.set(version.place().unit())));
    }
    unkeyed.forEach(place -> bearing.set(place.unit()));
    return alone;
  }

  /** The keys that the branch has given to rows of these keys. */
  private Set<Key> renamed(Set<Key> keys) {
    Set<Key> renamed = new LinkedHashSet<>();
    if (!keys.isEmpty() && !followNoRenames) {
      branch
          .rows()
          .forEach((key, versions) -> {
            if (versions.stream()
                .flatMap(version -> version.former().stream())
                .anyMatch(former -> keys.contains(onMain(former)))) {
              renamed.add(key);
            }
          });
    }
    return renamed;
  }

  /** Main's key of a row that landed, and has another one there. */
  private Key onMain(Key key) {
    return renumbered.getOrDefault(key, key);
  }

  /** The branch's key of a row that landed under this one. */
  private Optional<Key> origin(Key key) {
    return Optional.ofNullable(origins.get(key));
  }

  /** Whether neither main's changes nor what has landed can be seen in this table. */
  public boolean isEmpty() {
    return plain.isEmpty() && mixed.isEmpty();
  }

  /**
   * Whether {@link #mixed} depends on whether the unit at this place of the past was seen. Only
   * such a unit wrote to a row that main changed too.
   */
  public boolean bears(int place) {
    return !isEmpty() && bearing.get(place);
  }

  /** Whether the branch wrote in a way that can't be laid over main's rows by key. */
  public boolean isUnkeyed(Seen seen) {
    return unkeyed.stream().anyMatch(place -> place.isIn(seen));
  }

  /** Main's own changes; keys whose image is the same are left out. */
  public static List<RowThenAndNow> ofMain(List<NewestRow> rows, Map<Key, Image> forkImages) {
    List<RowThenAndNow> changes = new ArrayList<>();
    for (NewestRow row : rows) {
      Optional<Image> fork = Optional.ofNullable(forkImages.get(row.key()));
      Optional<Image> now =
          row.now().map(image -> fork.isEmpty() ? image : image.filledFrom(fork.get()));
      RowThenAndNow change = new RowThenAndNow(row.key(), fork, now, new Conflict.None());
      if (change.isChange()) {
        changes.add(change);
      }
    }
    return List.copyOf(changes);
  }

  /** Main's changes to rows that the branch did not write. */
  public ChangedRows plain() {
    return plain;
  }

  /**
   * The effective changes of rows that the branch wrote as well. A key that main left as it was has
   * none, whatever the branch did to it.
   */
  public List<RowThenAndNow> mixed(Seen seen) {
    return mixed.stream().map(key -> at(key, seen)).filter(RowThenAndNow::isChange).toList();
  }

  /** What people know a row by: one that main has yet to give a key by the branch's. */
  public Key shown(Key key) {
    return origin(key)
        .filter(from -> branch.of(from).stream().noneMatch(Version::landed))
        .orElse(key);
  }

  /** Whether main and the branch contradict each other in this row. */
  public boolean contradicts(Key key, Seen seen) {
    return mixed.contains(key) && !(at(key, seen).conflict() instanceof Conflict.None);
  }

  /**
   * Whether main has left the rows alone, to the last cell, that the branch's landed work changed
   * after an answer was given. A row that was not there then main could not change before.
   *
   * @param given what the answer saw
   * @param later the same and all that has landed
   */
  public boolean isAsItLanded(Seen given, Seen later) {
    return branch.landed().stream()
        .filter(key ->
            branch.of(key).stream().anyMatch(one -> one.landed() && !one.place().isIn(given)))
        .filter(key -> at(key, given).before().isPresent())
        .map(key -> at(key, later))
        .noneMatch(RowThenAndNow::isChange);
  }

  /**
   * What was made of a row by those of the branch's writes that are not on main.
   *
   * @param written the places of what any of them changed, whatever it was changed to later
   */
  private record Laid(
      Optional<Image> base, Optional<Image> row, boolean orderly, Supplier<Set<Integer>> written) {}

  private RowThenAndNow at(Key key, Seen seen) {
    List<Version> versions = branch.of(key);
    RowThenAndNow own = main.get(key);
    Optional<Image> fork = own != null ? own.before() : atFork(versions);
    Optional<Image> now = own != null ? own.after() : fork;
    Optional<Version> last = lastSeen(versions, seen);
    Optional<Image> before = last.isPresent() ? last.get().to() : fork;
    Optional<Laid> laid =
        renumbered.containsKey(key) ? Optional.empty() : laid(versions, seen, fork);
    Optional<Laid> moved =
        origin(key).flatMap(from -> laid(branch.of(from), seen, Optional.empty()));
    if (laid.isPresent() && moved.isPresent()) {
      return new RowThenAndNow(key, before, before, new Conflict.Rows(now));
    }
    Optional<Laid> open = laid.or(() -> moved);
    RowThenAndNow change =
        open.map(this::onMain)
            .map(over -> merged(key, before, over, now))
            .orElseGet(() -> new RowThenAndNow(key, before, now, new Conflict.None()));
    Set<Integer> unsettled =
        open.flatMap(Laid::row).map(row -> names.unsettled(shape, row)).orElse(Set.of());
    RowThenAndNow told = unsettled.isEmpty() ? change : change.doubting(unsettled);
    return followNoRenames ? told : doubtingRenamed(told, seen);
  }

  /**
   * What main did to a row under the key that the branch has taken from it is done to the row as
   * the branch calls it: a row that main has removed is in doubt as a whole, else the cells that
   * main has written.
   */
  private RowThenAndNow doubtingRenamed(RowThenAndNow change, Seen seen) {
    Optional<Key> former =
        former(change.key(), seen).or(() -> origin(change.key()).flatMap(key -> former(key, seen)));
    if (former.isEmpty()) {
      return change;
    }
    List<Version> versions = branch.of(former.get());
    RowThenAndNow own = main.get(onMain(former.get()));
    Optional<Image> fork = own != null ? own.before() : atFork(versions);
    Optional<Image> now = own != null ? own.after() : fork;
    Optional<Version> below = lastSeen(versions.stream().filter(Version::landed).toList(), seen);
    Optional<Image> base = below.isPresent() ? below.get().to() : fork;
    if (base.equals(now)) {
      return change;
    }
    return base.isEmpty() || now.isEmpty()
        ? new RowThenAndNow(change.key(), change.before(), change.after(), new Conflict.Rows(now))
        : change.doubting(differing(base.get(), now.get()));
  }

  private Optional<Key> former(Key key, Seen seen) {
    return lastSeen(branch.of(key), seen).flatMap(Version::former);
  }

  private static Set<Integer> differing(Image one, Image other) {
    return IntStream.range(0, one.cells().size())
        .filter(place -> !one.sameAt(place, other))
        .boxed()
        .collect(Collectors.toSet());
  }

  private static Optional<Image> atFork(List<Version> versions) {
    return versions.isEmpty() ? Optional.empty() : versions.getFirst().from();
  }

  /** The last version that was seen; one of the answer's own transaction before all others. */
  private static Optional<Version> lastSeen(List<Version> versions, Seen seen) {
    if (seen.own().isPresent()) {
      int own = seen.past().placeOf(seen.own().get().unit());
      for (int i = firstFrom(versions, own + 1) - 1;
          i >= 0 && versions.get(i).place().unit() == own;
          i--) {
        if (versions.get(i).place().isIn(seen)) {
          return Optional.of(versions.get(i));
        }
      }
    }
    for (int i = firstFrom(versions, seen.upTo()) - 1; i >= 0; i--) {
      if (seen.sees(versions.get(i).place().unit())) {
        return Optional.of(versions.get(i));
      }
    }
    return Optional.empty();
  }

  /** The first version of the unit at this place or a later one. */
  private static int firstFrom(List<Version> versions, int unit) {
    int low = 0;
    int high = versions.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (versions.get(middle).place().unit() < unit) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static Optional<Laid> laid(List<Version> versions, Seen seen, Optional<Image> fork) {
    List<Version> landed = versions.stream().filter(Version::landed).toList();
    List<Version> others =
        landed.isEmpty() ? versions : versions.stream().filter(v -> !v.landed()).toList();
    return lastSeen(others, seen)
        .map(last -> {
          Optional<Version> below = lastSeen(landed, seen);
          boolean orderly =
              landed.isEmpty()
                  || landed.getLast().place().unit() < others.getFirst().place().unit();
          Optional<Image> base = below.isPresent() ? below.get().to() : fork;
          return new Laid(base, last.to(), orderly, () -> written(others, seen));
        });
  }

  private static Set<Integer> written(List<Version> versions, Seen seen) {
    Set<Integer> places = new HashSet<>();
    versions.stream()
        .filter(version -> version.place().isIn(seen))
        .forEach(version -> places.addAll(written(version)));
    return places;
  }

  /** Who deletes a row and makes it again has written all of it. */
  private static List<Integer> written(Version version) {
    Image row = version.to().or(version::from).orElseThrow();
    return IntStream.range(0, row.cells().size())
        .filter(place ->
            version.from().isEmpty()
                || version.to().isEmpty()
                || !version.from().get().sameAt(place, row))
        .boxed()
        .toList();
  }

  /** The same as main calls the row, and those that it names. */
  private Laid onMain(Laid laid) {
    return new Laid(
        laid.base().flatMap(row -> names.onMain(shape, row)),
        laid.row().flatMap(row -> names.onMain(shape, row)),
        laid.orderly(),
        laid.written());
  }

  private RowThenAndNow merged(Key key, Optional<Image> before, Laid laid, Optional<Image> now) {
    Optional<Image> base = laid.base();
    Optional<Image> row = laid.row();
    if (!laid.orderly()) {
      return new RowThenAndNow(key, before, row, new Conflict.Rows(now));
    }
    if (base.equals(now)) {
      return new RowThenAndNow(key, before, row, new Conflict.None());
    }
    if (base.isEmpty()) {
      // Two rows that were made apart are two, whatever they hold; one that is gone again is none.
      return row.isEmpty()
          ? new RowThenAndNow(key, before, now, new Conflict.None())
          : new RowThenAndNow(key, before, row, new Conflict.Rows(now));
    }
    if (row.equals(now) && (row.isEmpty() || sums.isEmpty())) {
      return new RowThenAndNow(key, before, row, new Conflict.None());
    }
    if (base.equals(row) && laid.written().get().isEmpty()) {
      return new RowThenAndNow(key, before, now, new Conflict.None());
    }
    if (now.isEmpty() || row.isEmpty()) {
      return new RowThenAndNow(key, before, row, new Conflict.Rows(now));
    }
    return mergedCells(key, before, laid, now.get());
  }

  private RowThenAndNow mergedCells(Key key, Optional<Image> before, Laid laid, Image now) {
    Image base = laid.base().orElseThrow();
    Image branch = laid.row().orElseThrow();
    Set<Integer> written = laid.written().get();
    List<Cell> cells = new ArrayList<>();
    Set<Integer> contradictions = new HashSet<>();
    for (int i = 0; i < base.cells().size(); i++) {
      Cell was = base.cells().get(i);
      Cell ours = branch.cells().get(i);
      Cell theirs = now.cells().get(i);
      boolean addsUp = sums.contains(i) && written.contains(i);
      boolean isTheirs =
          (theirs.equals(ours) && !addsUp) || (ours.equals(was) && !written.contains(i));
      cells.add(isTheirs ? theirs : ours);
      if (!isTheirs && !theirs.equals(was)) {
        contradictions.add(i);
      }
    }
    Conflict conflict =
        contradictions.isEmpty()
            ? new Conflict.None()
            : new Conflict.Cells(Set.copyOf(contradictions));
    return new RowThenAndNow(key, before, Optional.of(new Image(cells)), conflict);
  }
}
