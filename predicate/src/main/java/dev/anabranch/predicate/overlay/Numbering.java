package dev.anabranch.predicate.overlay;

import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Reference;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import dev.anabranch.predicate.overlay.RowPast.Version;
import dev.anabranch.predicate.timeline.Landed;
import dev.anabranch.predicate.timeline.Past;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Which numbers a branch drew from its copies of main's sequences and which somebody chose, and
 * what its new rows are called beside rows of main's that have drawn the same.
 *
 * <p>A number that was drawn says nothing of which row it is. Where main has drawn it too, its row
 * is another one, with whatever it holds, and the branch's row gets another number when it lands;
 * so do the rows whose key names it.
 */
public final class Numbering {

  /** No number was drawn. */
  public static final Numbering NONE =
      new Numbering(Map.of(), Map.of(), Map.of(), RowNames.SAME, RowNames.SAME);

  private static final Pattern DIGITS = Pattern.compile("\\d{1,18}");

  /** Beyond what is drawn while questions are asked again. */
  private static final long APART = 10_000;

  private final Map<TableId, Drawn> drawn;
  private final Map<TableId, Relation> main;
  private final Map<TableId, Long> positions;
  private final RowNames landed;
  private final RowNames names;

  private Numbering(
      Map<TableId, Drawn> drawn,
      Map<TableId, Relation> main,
      Map<TableId, Long> positions,
      RowNames landed,
      RowNames names) {
    this.drawn = drawn;
    this.main = main;
    this.positions = positions;
    this.landed = landed;
    this.names = names;
  }

  /**
   * @param drawn what the branch drew, by sequence
   * @param fork main's definitions at the fork point
   * @param main main's definitions now
   * @param changes main's changes since the fork point
   */
  public static Numbering of(
      Map<TableId, Drawn> drawn,
      Past past,
      SchemaSnapshot fork,
      SchemaSnapshot main,
      Function<TableId, TableDelta> changes,
      Traps traps) {
    RowNames landed = RowNames.of(past.landed(), main);
    Numbering settled = new Numbering(drawn, main.relations(), main.sequences(), landed, landed);
    Map<TableId, Map<Key, Key>> unsettled =
        drawn.isEmpty() ? Map.of() : settled.new Unsettled(past, fork, main, changes, traps).find();
    return new Numbering(
        drawn,
        main.relations(),
        main.sequences(),
        landed,
        unsettled.isEmpty() ? landed : RowNames.of(past.landed(), unsettled, main));
  }

  /** What rows are called that have landed. */
  public RowNames landed() {
    return landed;
  }

  /** What all of the branch's rows are called beside main's. */
  public RowNames names() {
    return names;
  }

  /** Whether a value of a column of main's may be one that the branch drew. */
  public boolean isDrawn(TableId table, int column, String text) {
    return drawn(table, column, text).isPresent();
  }

  /** Whether main has given out, or skipped, a value that the branch drew. */
  public boolean isDrawnTwice(TableId table, int column, String text) {
    return drawn(table, column, text)
        .map(sequence -> positions.getOrDefault(sequence, Long.MIN_VALUE))
        .filter(position -> Long.parseLong(text) <= position)
        .isPresent();
  }

  /** The sequence that it was drawn from. */
  private Optional<TableId> drawn(TableId table, int column, String text) {
    return generator(table, column)
        .filter(sequence -> DIGITS.matcher(text).matches())
        .filter(sequence -> {
          Drawn numbers = drawn.get(sequence);
          return numbers != null && numbers.mayHave(Long.parseLong(text));
        });
  }

  private Optional<TableId> generator(TableId table, int column) {
    return Optional.ofNullable(main.get(table))
        .flatMap(relation -> Optional.ofNullable(relation.generators().get(column)));
  }

  /** Looks for the rows of the branch that can't keep their key. */
  private final class Unsettled {
    private final Past past;
    private final SchemaSnapshot fork;
    private final SchemaSnapshot mainNow;
    private final Function<TableId, TableDelta> changes;
    private final Traps traps;
    private final Map<TableId, Map<Key, Key>> found = new HashMap<>();
    private final Map<TableId, RowPast> pasts = new HashMap<>();
    private final Map<TableId, Long> next = new HashMap<>();

    Unsettled(
        Past past,
        SchemaSnapshot fork,
        SchemaSnapshot mainNow,
        Function<TableId, TableDelta> changes,
        Traps traps) {
      this.past = past;
      this.fork = fork;
      this.mainNow = mainNow;
      this.changes = changes;
      this.traps = traps;
    }

    Map<TableId, Map<Key, Key>> find() {
      main.values().stream().filter(this::drewKeys).forEach(this::number);
      boolean more = !found.isEmpty();
      while (more) {
        RowNames soFar = RowNames.of(Landed.NOTHING, found, mainNow);
        more = false;
        for (Relation relation : main.values()) {
          more |= namesOthersInItsKey(relation) && follow(relation, soFar);
        }
      }
      return found;
    }

    private boolean drewKeys(Relation relation) {
      return relation.kind() == 'r'
          && relation.shape().keyColumns().stream()
              .flatMap(column -> generator(relation.shape().id(), column.number()).stream())
              .anyMatch(drawn::containsKey);
    }

    private void number(Relation relation) {
      TableShape shape = relation.shape();
      if (!(changes.apply(shape.id()) instanceof TableDelta.Rows delta)
          || delta.rows().isEmpty()
          || rows(shape).isEmpty()) {
        return;
      }
      Set<Key> taken = new HashSet<>();
      delta.rows().stream()
          .filter(row -> row.now().isPresent())
          .forEach(row -> taken.add(row.key()));
      rows(shape)
          .get()
          .rows()
          .forEach((key, versions) -> {
            Key other = taken.contains(key) && isNew(versions) ? renumbered(shape, key) : key;
            if (!other.equals(key)) {
              put(shape.id(), key, other);
            }
          });
    }

    private Optional<RowPast> rows(TableShape shape) {
      Relation then = fork.relations().get(shape.id());
      return then == null || !shape.hasKey()
          ? Optional.empty()
          : Optional.of(
              pasts.computeIfAbsent(
                  shape.id(), ignored -> new RowPast(shape, then.shape(), past, traps)));
    }

    /** Made by the branch, and nothing of it is on main. */
    private static boolean isNew(List<Version> versions) {
      return versions.getFirst().from().isEmpty() && versions.stream().noneMatch(Version::landed);
    }

    private Key renumbered(TableShape shape, Key key) {
      List<Column> columns = shape.keyColumns();
      List<String> values = new ArrayList<>(key.values());
      for (int i = 0; i < columns.size(); i++) {
        if (isDrawnTwice(shape.id(), columns.get(i).number(), values.get(i))) {
          TableId sequence = generator(shape.id(), columns.get(i).number()).orElseThrow();
          values.set(
              i, Long.toString(next.merge(sequence, first(sequence), (n, ignored) -> n + 1)));
        }
      }
      return new Key(values);
    }

    private long first(TableId sequence) {
      long upTo = Optional.ofNullable(drawn.get(sequence)).map(Drawn::upTo).orElse(0L);
      return Math.max(positions.getOrDefault(sequence, 0L), upTo) + APART;
    }

    private static boolean namesOthersInItsKey(Relation relation) {
      List<Integer> key = relation.shape().keyColumns().stream().map(Column::number).toList();
      return relation.references().stream()
          .map(Reference::columns)
          .anyMatch(columns -> columns.stream().anyMatch(key::contains));
    }

    /** Whether more rows are called otherwise because a row is that they name in their key. */
    private boolean follow(Relation relation, RowNames soFar) {
      TableShape shape = relation.shape();
      if (!soFar.concern(shape.id()) || rows(shape).isEmpty()) {
        return false;
      }
      boolean more = false;
      for (Map.Entry<Key, List<Version>> row : rows(shape).get().rows().entrySet()) {
        Key key = row.getKey();
        if (isNew(row.getValue()) && !found.getOrDefault(shape.id(), Map.of()).containsKey(key)) {
          Optional<Key> other =
              soFar
                  .onMain(shape, image(row.getValue()))
                  .map(shape::keyOf)
                  .filter(to -> !to.equals(key));
          other.ifPresent(to -> put(shape.id(), key, to));
          more |= other.isPresent();
        }
      }
      return more;
    }

    private static Image image(List<Version> versions) {
      return versions.getFirst().to().orElseThrow();
    }

    private void put(TableId table, Key key, Key other) {
      found.computeIfAbsent(table, ignored -> new HashMap<>()).put(key, other);
    }
  }
}
