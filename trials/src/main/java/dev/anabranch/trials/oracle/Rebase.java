package dev.anabranch.trials.oracle;

import dev.anabranch.trials.oracle.Snapshot.Contents;
import dev.anabranch.trials.oracle.Snapshot.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Main now with a branch's own cells laid over it, computed from three states of a table: at the
 * fork, on main now, and on the branch. A cell that the branch changed keeps the branch's value,
 * also where that is the fork's again, and every other cell follows main.
 *
 * <p>Where both sides changed the same thing differently there is no one right state: it is then
 * built twice, once with each side winning.
 */
final class Rebase {

  /**
   * A rebased table in main's layout.
   *
   * @param branchWins its rows when the branch wins every conflict
   * @param mainWins its rows when main does
   * @param conflict whether the two differ
   * @param ambiguous whether the branch made and unmade a row that main has now, removed one that
   *     may have been before what main has, or removed and made again one that main has removed:
   *     its history and its outcome then say different things
   */
  record Rebased(
      List<List<@Nullable String>> branchWins,
      List<List<@Nullable String>> mainWins,
      boolean conflict,
      boolean ambiguous) {}

  /** Stands for what main's definition gives a column that a row of the fork's layout has not. */
  @SuppressWarnings("StringOperationCanBeSimplified") // Told from a text of the data by identity.
  static final String DEFAULT = new String("DEFAULT");

  /**
   * One cell (or, with column 0, the existence of one row) that the branch has changed at some
   * time.
   */
  record Touched(String table, List<String> key, int column) {}

  /** That the branch gave a row another key: it is the same row, and main's cells are its. */
  record Renamed(String table, List<String> from, List<String> to) {}

  /** What the branch has done to its rows by some moment. */
  record History(Set<Touched> touched, Set<Renamed> renamed) {
    History {
      touched = Set.copyOf(touched);
      renamed = Set.copyOf(renamed);
    }

    boolean isAbout(String table) {
      return touched.stream().anyMatch(one -> one.table().equals(table));
    }

    /** The keys that rows of the fork point have on the branch, by the keys that they had there. */
    private Map<List<String>, List<String>> moved(
        String table, Set<List<String>> atFork, Set<List<String>> onBranch) {
      Map<List<String>, List<String>> moved = new HashMap<>();
      for (List<String> key : onBranch) {
        Set<List<String>> seen = new HashSet<>(Set.of(key));
        List<String> origin = key;
        boolean more = !atFork.contains(origin);
        while (more) {
          List<String> last = origin;
          origin =
              renamed.stream()
                  .filter(one -> one.table().equals(table) && one.to().equals(last))
                  .map(Renamed::from)
                  .filter(seen::add)
                  .findFirst()
                  .orElse(last);
          more = !origin.equals(last) && !atFork.contains(origin);
        }
        if (!origin.equals(key) && atFork.contains(origin) && !onBranch.contains(origin)) {
          moved.put(origin, key);
        }
      }
      return moved;
    }
  }

  /**
   * The rows that one statement gave other keys, which are alike in all else.
   *
   * @param isRename whether the second key is what the statement makes of the first
   */
  static Set<Renamed> renamed(
      Contents before, Contents after, BiPredicate<List<String>, List<String>> isRename) {
    Set<Renamed> renamed = new HashSet<>();
    if (before.shape().hasKey()) {
      Set<List<String>> gone = new LinkedHashSet<>(before.byKey().keySet());
      gone.removeAll(after.byKey().keySet());
      Set<List<String>> come = new LinkedHashSet<>(after.byKey().keySet());
      come.removeAll(before.byKey().keySet());
      for (List<String> from : gone) {
        come.stream()
            .filter(to -> isRename.test(from, to))
            .forEach(to -> renamed.add(new Renamed(before.shape().name(), from, to)));
      }
    }
    return renamed;
  }

  private Rebase() {}

  /** What differs between the fork and a state of the branch. */
  static Set<Touched> touched(Contents fork, Contents branch) {
    Set<Touched> touched = new HashSet<>();
    if (!fork.shape().hasKey()) {
      return touched;
    }
    Map<List<String>, List<@Nullable String>> before = fork.byKey();
    Map<List<String>, List<@Nullable String>> after = branch.byKey();
    for (List<String> key : keys(before, after)) {
      List<@Nullable String> old = before.get(key);
      List<@Nullable String> now = after.get(key);
      if (old == null || now == null) {
        if (!Objects.equals(old, now)) {
          touched.add(new Touched(fork.shape().name(), key, 0));
        }
      } else {
        for (int i = 0; i < old.size(); i++) {
          if (!Objects.equals(old.get(i), now.get(i))) {
            touched.add(
                new Touched(fork.shape().name(), key, fork.shape().columns().get(i).number()));
          }
        }
      }
    }
    return touched;
  }

  static Rebased of(Contents fork, Contents main, Contents branch, History history) {
    return fork.shape().hasKey() ? byKey(fork, main, branch, history) : asBag(fork, main, branch);
  }

  private static Rebased byKey(Contents fork, Contents main, Contents branch, History done) {
    Set<Touched> history = done.touched();
    Map<List<String>, List<@Nullable String>> forks = fork.byKey();
    Map<List<String>, List<@Nullable String>> mains = main.byKey();
    Map<List<String>, List<@Nullable String>> branches = branch.byKey();
    List<List<@Nullable String>> branchWins = new ArrayList<>();
    List<List<@Nullable String>> mainWins = new ArrayList<>();
    boolean ambiguous = false;
    Set<List<String>> all = keys(forks, branches);
    all.addAll(mains.keySet());
    Map<List<String>, List<String>> moved =
        done.moved(fork.shape().name(), forks.keySet(), branches.keySet());
    for (Map.Entry<List<String>, List<String>> row : moved.entrySet()) {
      List<@Nullable String> taken = mains.get(row.getValue());
      List<@Nullable String> onMain =
          renamed(main.shape(), mains.get(row.getKey()), row.getValue());
      List<@Nullable String> atFork =
          renamed(fork.shape(), forks.get(row.getKey()), row.getValue());
      List<@Nullable String> onBranch = branches.get(row.getValue());
      Set<Integer> written = cells(fork.shape(), row.getKey(), history);
      all.remove(row.getKey());
      all.remove(row.getValue());
      add(branchWins, row(fork.shape(), main.shape(), atFork, onMain, onBranch, written, true));
      add(
          mainWins,
          taken != null
              ? taken
              : row(fork.shape(), main.shape(), atFork, onMain, onBranch, written, false));
    }
    for (List<String> key : all) {
      List<@Nullable String> atFork = forks.get(key);
      List<@Nullable String> onMain = mains.get(key);
      List<@Nullable String> onBranch = branches.get(key);
      Set<Integer> written = written(fork.shape(), key, history);
      add(branchWins, row(fork.shape(), main.shape(), atFork, onMain, onBranch, written, true));
      add(mainWins, row(fork.shape(), main.shape(), atFork, onMain, onBranch, written, false));
      ambiguous |= ambiguous(fork.shape(), key, atFork, onMain, onBranch, history);
    }
    return new Rebased(branchWins, mainWins, !branchWins.equals(mainWins), ambiguous);
  }

  private static @Nullable List<@Nullable String> renamed(
      Shape shape, @Nullable List<@Nullable String> row, List<String> key) {
    if (row == null) {
      return null;
    }
    List<@Nullable String> renamed = new ArrayList<>(row);
    int part = 0;
    for (int i = 0; i < shape.columns().size(); i++) {
      if (shape.columns().get(i).inKey()) {
        renamed.set(i, key.get(part));
        part++;
      }
    }
    return renamed;
  }

  /** The columns of a row that the branch has changed before it gave it another key. */
  private static Set<Integer> cells(Shape shape, List<String> key, Set<Touched> history) {
    Set<Integer> cells = new HashSet<>();
    for (Touched touched : history) {
      if (touched.table().equals(shape.name())
          && touched.key().equals(key)
          && touched.column() != 0) {
        cells.add(touched.column());
      }
    }
    return cells;
  }

  /** The columns of a row that the branch has changed, whatever they have come to. */
  private static Set<Integer> written(Shape shape, List<String> key, Set<Touched> history) {
    Set<Integer> written = new HashSet<>();
    for (Touched touched : history) {
      if (touched.table().equals(shape.name()) && touched.key().equals(key)) {
        written.add(touched.column());
      }
    }
    if (written.contains(0)) {
      shape.columns().forEach(column -> written.add(column.number()));
    }
    return written;
  }

  private static @Nullable List<@Nullable String> row(
      Shape forkShape,
      Shape mainShape,
      @Nullable List<@Nullable String> atFork,
      @Nullable List<@Nullable String> onMain,
      @Nullable List<@Nullable String> onBranch,
      Set<Integer> written,
      boolean branchWins) {
    List<@Nullable String> forkNow =
        atFork == null ? null : inShape(forkShape, mainShape, atFork, onMain);
    List<@Nullable String> branchNow =
        onBranch == null ? null : inShape(forkShape, mainShape, onBranch, onMain);
    if (Objects.equals(atFork, onBranch) && (atFork == null || written.isEmpty())) {
      return onMain;
    }
    if (Objects.equals(forkNow, onMain)) {
      return branchNow;
    }
    if (forkNow == null || branchNow == null || onMain == null) {
      return branchWins ? branchNow : onMain;
    }
    List<@Nullable String> merged = new ArrayList<>();
    for (int i = 0; i < onMain.size(); i++) {
      boolean byBranch =
          !Objects.equals(forkNow.get(i), branchNow.get(i))
              || written.contains(mainShape.columns().get(i).number());
      boolean byMain = !Objects.equals(forkNow.get(i), onMain.get(i));
      merged.add(byBranch && (branchWins || !byMain) ? branchNow.get(i) : onMain.get(i));
    }
    return merged;
  }

  /**
   * A row of the fork's layout in main's; a column that main has added is as main has it, or would
   * fill it.
   */
  private static List<@Nullable String> inShape(
      Shape from, Shape to, List<@Nullable String> row, @Nullable List<@Nullable String> onMain) {
    List<@Nullable String> moved = new ArrayList<>();
    for (int i = 0; i < to.columns().size(); i++) {
      int place = from.place(to.columns().get(i).number());
      moved.add(place >= 0 ? row.get(place) : onMain == null ? DEFAULT : onMain.get(i));
    }
    return moved;
  }

  private static boolean ambiguous(
      Shape forkShape,
      List<String> key,
      @Nullable List<@Nullable String> atFork,
      @Nullable List<@Nullable String> onMain,
      @Nullable List<@Nullable String> onBranch,
      Set<Touched> history) {
    return history.contains(new Touched(forkShape.name(), key, 0))
        && !Objects.equals(atFork, onMain)
        && ((atFork == null && onBranch == null)
            || (atFork != null && onMain == null && onBranch != null)
            || mayHaveBeenAsOnMain(forkShape.name(), key, onMain, onBranch, history));
  }

  /** What the branch removed may have been, before, what main has: it was no conflict then. */
  private static boolean mayHaveBeenAsOnMain(
      String table,
      List<String> key,
      @Nullable List<@Nullable String> onMain,
      @Nullable List<@Nullable String> onBranch,
      Set<Touched> history) {
    return onBranch == null
        && onMain != null
        && history.stream()
            .anyMatch(touched ->
                touched.column() != 0
                    && touched.table().equals(table)
                    && touched.key().equals(key));
  }

  /**
   * Without a key, rows are told apart by their values alone: what main added and removed is added
   * and removed.
   */
  private static Rebased asBag(Contents fork, Contents main, Contents branch) {
    List<List<@Nullable String>> added = new ArrayList<>(branch.rows());
    List<List<@Nullable String>> removed = new ArrayList<>();
    for (List<@Nullable String> row : fork.rows()) {
      if (!added.remove(row)) {
        removed.add(row);
      }
    }
    List<List<@Nullable String>> rows = new ArrayList<>(main.rows());
    boolean conflict = false;
    for (List<@Nullable String> row : removed) {
      conflict |= !rows.remove(inShape(fork.shape(), main.shape(), row, null));
    }
    for (List<@Nullable String> row : added) {
      rows.add(inShape(fork.shape(), main.shape(), row, null));
    }
    // A row that both removed may have been one row or two: main's own rows are then the other
    // reading.
    return new Rebased(rows, conflict ? main.rows() : rows, conflict, false);
  }

  private static Set<List<String>> keys(
      Map<List<String>, List<@Nullable String>> one,
      Map<List<String>, List<@Nullable String>> other) {
    Set<List<String>> keys = new LinkedHashSet<>(one.keySet());
    keys.addAll(other.keySet());
    return keys;
  }

  private static void add(List<List<@Nullable String>> rows, @Nullable List<@Nullable String> row) {
    if (row != null) {
      rows.add(row);
    }
  }
}
