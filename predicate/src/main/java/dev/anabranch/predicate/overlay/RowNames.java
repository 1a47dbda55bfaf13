package dev.anabranch.predicate.overlay;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Reference;
import dev.anabranch.predicate.timeline.Landed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * What rows are called that landed under another key than the branch's, on main and on the branch,
 * and which rows name them by main's foreign keys.
 *
 * <p>The branch goes on to say its own number, and main may have given that number to another row.
 * So a row of the branch is laid over main as promote would land it; and what main has can be read
 * as the branch calls it, where a row of main's own goes by a number that the branch has not drawn.
 * A number in a column without a foreign key is just a number.
 *
 * <p>A row that has not landed and can't keep its number is unsettled: it goes by one that nothing
 * else has, and which it will get nobody knows.
 */
public final class RowNames {

  /** Every row has one name. */
  public static final RowNames SAME = new RowNames();

  private final Map<TableId, Renaming> keys = new HashMap<>();
  private final Map<TableId, List<Pointer>> pointers = new HashMap<>();

  /** Columns that name a row of another table. */
  private record Pointer(List<Integer> columns, Renaming renaming) {}

  /** There and back; what has two names on the other side has none. */
  private static final class Renaming {
    private final Map<List<String>, List<String>> toMain = new HashMap<>();
    private final Map<List<String>, List<String>> toBranch = new HashMap<>();
    private final Set<List<String>> ambiguous = new HashSet<>();
    private final Set<List<String>> unsettled = new HashSet<>();

    void put(List<String> onBranch, List<String> onMain) {
      List<String> earlier = toMain.putIfAbsent(onBranch, onMain);
      List<String> other = toBranch.putIfAbsent(onMain, onBranch);
      if ((earlier != null && !earlier.equals(onMain))
          || (other != null && !other.equals(onBranch))) {
        ambiguous.add(onBranch);
        ambiguous.add(onMain);
      }
    }

    void putUnsettled(List<String> onBranch, List<String> onMain) {
      put(onBranch, onMain);
      unsettled.add(onBranch);
    }

    /** Main's own rows under the branch's numbers get those that are left over. */
    void close() {
      for (List<String> taken : List.copyOf(toMain.keySet())) {
        if (!toBranch.containsKey(taken)) {
          List<String> free = taken;
          for (int i = 0; i <= toMain.size() && toMain.containsKey(free); i++) {
            free = toMain.getOrDefault(free, free);
          }
          toBranch.put(taken, free);
        }
      }
    }
  }

  private RowNames() {}

  /**
   * @param landed what of the branch is on main
   * @param main main's definitions now
   */
  public static RowNames of(Landed landed, SchemaSnapshot main) {
    return of(landed, Map.of(), main);
  }

  /**
   * @param landed what of the branch is on main
   * @param unsettled by table, rows that can't keep their key, and the one that they go by until
   *     main gives them another
   * @param main main's definitions now
   */
  static RowNames of(Landed landed, Map<TableId, Map<Key, Key>> unsettled, SchemaSnapshot main) {
    return landed.renumbered().isEmpty() && unsettled.isEmpty()
        ? SAME
        : of(landed, unsettled, main.relations(), table -> main.withDescendants(Set.of(table)));
  }

  /** The same without any foreign key. */
  static RowNames of(Landed landed, Map<TableId, Map<Key, Key>> unsettled) {
    return of(landed, unsettled, Map.of(), Set::of);
  }

  private static RowNames of(
      Landed landed,
      Map<TableId, Map<Key, Key>> unsettled,
      Map<TableId, SchemaSnapshot.Relation> main,
      Function<TableId, Set<TableId>> family) {
    RowNames names = new RowNames();
    Set<TableId> tables = new HashSet<>(landed.renumbered().keySet());
    tables.addAll(unsettled.keySet());
    for (TableId table : tables) {
      Renaming renaming = new Renaming();
      keys(landed.renumbered(), table)
          .forEach((from, to) -> renaming.put(from.values(), to.values()));
      keys(unsettled, table)
          .forEach((from, to) -> renaming.putUnsettled(from.values(), to.values()));
      renaming.close();
      names.keys.put(table, renaming);
    }
    main.forEach((table, relation) -> {
      for (Reference reference : relation.references()) {
        Renaming renaming = new Renaming();
        for (TableId parent : family.apply(reference.parent())) {
          SchemaSnapshot.Relation named = main.get(parent);
          if (named != null) {
            keys(landed.renumbered(), parent)
                .forEach((from, to) -> point(named.shape(), reference, from, to, renaming::put));
            keys(unsettled, parent)
                .forEach((from, to) ->
                    point(named.shape(), reference, from, to, renaming::putUnsettled));
          }
        }
        if (!renaming.toMain.isEmpty()) {
          renaming.close();
          names
              .pointers
              .computeIfAbsent(table, ignored -> new ArrayList<>())
              .add(new Pointer(reference.columns(), renaming));
        }
      }
    });
    return names;
  }

  private static Map<Key, Key> keys(Map<TableId, Map<Key, Key>> renumbered, TableId table) {
    return renumbered.getOrDefault(table, Map.of());
  }

  /** A foreign key to columns outside the key names rows by what is the same on both sides. */
  private static void point(
      TableShape parent,
      Reference reference,
      Key from,
      Key to,
      BiConsumer<List<String>, List<String>> put) {
    List<Integer> key = parent.keyColumns().stream().map(Column::number).toList();
    List<Integer> parts = reference.parentColumns().stream().map(key::indexOf).toList();
    if (!parts.contains(-1) && key.size() == from.values().size()) {
      List<String> onBranch = parts.stream().map(from.values()::get).toList();
      List<String> onMain = parts.stream().map(to.values()::get).toList();
      if (!onBranch.equals(onMain)) {
        put.accept(onBranch, onMain);
      }
    }
  }

  public boolean isEmpty() {
    return keys.isEmpty();
  }

  /** Whether rows of this table, or rows that they name, have other names on main. */
  public boolean concern(TableId table) {
    return keys.containsKey(table) || pointers.containsKey(table);
  }

  /** The tables with rows that are called otherwise, or that name such. */
  public Set<TableId> tables() {
    Set<TableId> tables = new HashSet<>(keys.keySet());
    tables.addAll(pointers.keySet());
    return tables;
  }

  /** The branch's numbers that mean another row, or none, on main. */
  public Set<String> numbers() {
    Set<String> numbers = new HashSet<>();
    keys.values().forEach(renaming -> renaming.toMain.keySet().forEach(numbers::addAll));
    return numbers;
  }

  /**
   * A row of the branch as it would be called on main, in main's layout. Empty when it names a row
   * of which that can't be told.
   */
  public Optional<Image> onMain(TableShape shape, Image row) {
    return renamed(shape, row, true);
  }

  /** A row of main as the branch calls it. */
  Optional<Image> onBranch(TableShape shape, Image row) {
    return renamed(shape, row, false);
  }

  /**
   * The places in a row, as the branch calls it, of what it is called or calls others by that main
   * has yet to give another value.
   */
  public Set<Integer> unsettled(TableShape shape, Image row) {
    Set<Integer> found = new HashSet<>();
    Renaming own = keys.get(shape.id());
    if (own != null && shape.hasKey()) {
      addUnsettled(row, places(shape), own, found);
    }
    for (Pointer pointer : pointers.getOrDefault(shape.id(), List.of())) {
      addUnsettled(row, places(shape, pointer.columns()), pointer.renaming(), found);
    }
    return found;
  }

  private static void addUnsettled(
      Image row, List<Integer> places, Renaming renaming, Set<Integer> found) {
    Optional<List<String>> name =
        renaming.unsettled.isEmpty() ? Optional.empty() : texts(row, places);
    List<String> other =
        name.filter(renaming.unsettled::contains).map(renaming.toMain::get).orElse(List.of());
    for (int i = 0; i < other.size(); i++) {
      if (!other.get(i).equals(name.orElseThrow().get(i))) {
        found.add(places.get(i));
      }
    }
  }

  /** Whether a row, as the branch calls it, is or names one that main calls otherwise. */
  public boolean isOurs(TableShape shape, Image row) {
    Renaming own = keys.get(shape.id());
    return (own != null
            && shape.hasKey()
            && texts(row, places(shape)).filter(own.toMain::containsKey).isPresent())
        || pointers.getOrDefault(shape.id(), List.of()).stream()
            .anyMatch(pointer ->
                texts(row, places(shape, pointer.columns()))
                    .filter(pointer.renaming().toMain::containsKey)
                    .isPresent());
  }

  private Optional<Image> renamed(TableShape shape, Image row, boolean toMain) {
    if (!concern(shape.id())) {
      return Optional.of(row);
    }
    List<Cell> cells = new ArrayList<>(row.cells());
    Map<Integer, String> set = new HashMap<>();
    for (Pointer pointer : pointers.getOrDefault(shape.id(), List.of())) {
      if (!rename(row, places(shape, pointer.columns()), pointer.renaming(), toMain, cells, set)) {
        return Optional.empty();
      }
    }
    Renaming own = keys.get(shape.id());
    boolean told =
        own == null
            || !shape.hasKey()
            || rename(row, places(shape), own, toMain, cells, new HashMap<>());
    return told ? Optional.of(new Image(cells)) : Optional.empty();
  }

  /** False when it can't be told what the columns name. */
  private static boolean rename(
      Image row,
      List<Integer> places,
      Renaming renaming,
      boolean toMain,
      List<Cell> cells,
      Map<Integer, String> set) {
    Optional<List<String>> name = texts(row, places);
    if (name.filter(renaming.ambiguous::contains).isPresent()) {
      return false;
    }
    Optional<List<String>> other = name.map((toMain ? renaming.toMain : renaming.toBranch)::get);
    for (int i = 0; other.isPresent() && i < places.size(); i++) {
      String text = other.get().get(i);
      String earlier = set.putIfAbsent(places.get(i), text);
      if (earlier != null && !earlier.equals(text)) {
        return false;
      }
      cells.set(places.get(i), new Cell.Text(text));
    }
    return true;
  }

  private static List<Integer> places(TableShape shape) {
    return places(shape, shape.keyColumns().stream().map(Column::number).toList());
  }

  private static List<Integer> places(TableShape shape, List<Integer> columns) {
    return columns.stream().map(shape::indexOf).toList();
  }

  /** Empty where a column is NULL or not there: nothing is named then. */
  private static Optional<List<String>> texts(Image row, List<Integer> places) {
    List<String> texts = new ArrayList<>();
    for (int place : places) {
      if (place < 0 || !(row.cells().get(place) instanceof Cell.Text(String text))) {
        return Optional.empty();
      }
      texts.add(text);
    }
    return Optional.of(texts);
  }
}
