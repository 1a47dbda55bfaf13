package dev.anabranch.predicate.rehearsal;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.TypeOid;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Result;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.world.Outcome;
import dev.anabranch.predicate.world.Performance;
import dev.anabranch.predicate.world.RehearsalWindow;
import dev.anabranch.predicate.world.World.Reply;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a rehearsal what its transaction would write on main now.
 *
 * <p>Two plays over the same rows must come to the same, since what differs was drawn by chance and
 * would be another thing once more when it lands. The moment of the execution is nobody's: where
 * the branch wrote its own moment, that one stays. Numbers of new rows are those that the branch
 * drew, and are drawn again from main when they land; a play that needs more of them is refused.
 *
 * @param review of the same rehearsal
 * @param unit what the transaction wrote on the branch
 * @param atFork main's definitions at the fork point
 * @param onBranch the branch's definitions now
 * @param onMain main's definitions on the copy
 * @param saysAll as {@link Again.Done} has it
 */
public record Redone(
    Review review,
    Unit unit,
    SchemaSnapshot atFork,
    SchemaSnapshot onBranch,
    SchemaSnapshot onMain,
    boolean saysAll) {

  private static final Set<Long> MOMENTS = TypeOid.set(TypeOid.TIMESTAMP, TypeOid.TIMESTAMPTZ);

  private static final int DATE = TypeOid.DATE;

  private static final int TIME = TypeOid.TIME;

  private static final int TIME_WITH_ZONE = TypeOid.TIMETZ;

  /** Why it can't be told what would be written. */
  private static final class Untold extends Exception {
    private static final long serialVersionUID = 1L;

    Untold(String why) {
      super(why);
    }
  }

  /** What came of it. */
  public Again of(Reply reply) {
    return switch (reply) {
      case Reply.Failed(String why) -> new Again.Not("it can't be executed again: " + why);
      case Reply.Got ignored -> new Again.Not("it was only asked again");
      case Reply.Performed performed -> {
        Optional<String> obstacle = review.obstacle(performed);
        if (obstacle.isPresent()) {
          yield new Again.Not(obstacle.get());
        }
        try {
          yield of(performed);
        } catch (Untold e) {
          yield new Again.Not(String.valueOf(e.getMessage()));
        }
      }
    };
  }

  private Again of(Reply.Performed performed) throws Untold {
    Performance first = performed.first();
    Performance second = performed.second();
    refused(first);
    if (first.left().stream().anyMatch(left -> !left.changed().isEmpty())) {
      throw new Untold("it would leave its session other settings");
    }
    if (first.writes().size() != second.writes().size()) {
      throw new Untold("it does something else each time");
    }
    Map<TableId, TableShape> shapes = layouts(first);
    Moments moments = new Moments();
    List<Write> writes = new ArrayList<>();
    for (int i = 0; i < first.writes().size(); i++) {
      Write one = first.writes().get(i);
      TableShape shape = shapes.get(one.table());
      if (shape == null) {
        throw new Untold("it writes to a table whose layout is not known");
      }
      writes.add(same(one, second.writes().get(i), new Cells(shape, moments, first, second)));
    }
    numbers(writes, shapes);
    List<TableShape> all = new ArrayList<>(unit.shapes());
    shapes.values().stream()
        .filter(shape -> all.stream().noneMatch(known -> known.id().equals(shape.id())))
        .forEach(all::add);
    Unit again =
        new Unit(
            unit.id(),
            unit.branch(),
            unit.transactionId(),
            unit.commitLsn(),
            unit.committedAt(),
            all,
            writes);
    return new Again.Done(again, told(first), review.reads(performed).orElse(Set.of()), saysAll);
  }

  private static void refused(Performance first) throws Untold {
    for (Outcome outcome : first.outcomes()) {
      if (outcome.refusal().isPresent()) {
        throw new Untold("it would be refused with " + outcome.refusal().get().words());
      }
    }
    if (first.atEnd().refusal().isPresent()) {
      throw new Untold("it would be refused with " + first.atEnd().refusal().get().words());
    }
  }

  /** Only where a table is the same everywhere do its rows mean the same. */
  private Map<TableId, TableShape> layouts(Performance first) throws Untold {
    Map<TableId, TableShape> shapes = new HashMap<>();
    for (TableShape shape : first.shapes()) {
      for (SchemaSnapshot schema : List.of(atFork, onBranch, onMain)) {
        SchemaSnapshot.Relation relation = schema.relations().get(shape.id());
        if (relation == null || !relation.shape().equals(shape)) {
          throw new Untold("table " + shape.qualifiedName() + " was altered");
        }
      }
      for (TableShape known : unit.shapes()) {
        if (known.id().equals(shape.id()) && !known.equals(shape)) {
          throw new Untold("table " + shape.qualifiedName() + " was altered");
        }
      }
      shapes.put(shape.id(), shape);
    }
    return shapes;
  }

  private Write same(Write one, Write other, Cells cells) throws Untold {
    Lsn lsn = unit.writes().isEmpty() ? unit.commitLsn() : unit.writes().getFirst().lsn();
    if (!one.table().equals(other.table()) || !one.isWhole()) {
      throw new Untold("it does something else each time");
    }
    if (one instanceof Write.Insert mine && other instanceof Write.Insert theirs) {
      return new Write.Insert(one.table(), lsn, cells.image(mine.after(), theirs.after()));
    }
    if (one instanceof Write.Update mine && other instanceof Write.Update theirs) {
      cells.keyed();
      return new Write.Update(
          one.table(),
          lsn,
          cells.image(mine.before(), theirs.before()),
          cells.image(mine.after(), theirs.after()));
    }
    if (one instanceof Write.Delete mine && other instanceof Write.Delete theirs) {
      cells.keyed();
      return new Write.Delete(one.table(), lsn, cells.image(mine.before(), theirs.before()));
    }
    throw new Untold(
        one instanceof Write.Truncate
            ? "it empties a table as a whole"
            : "it does something else each time");
  }

  /** The cells of one table's rows in two plays. */
  private record Cells(TableShape shape, Moments moments, Performance first, Performance second) {

    void keyed() throws Untold {
      if (!shape.hasKey()) {
        throw new Untold("table " + shape.qualifiedName() + " has no key to know its rows by");
      }
    }

    Image image(Image one, Image other) throws Untold {
      List<Cell> cells = new ArrayList<>();
      for (int place = 0; place < one.cells().size(); place++) {
        cells.add(
            moments.cell(
                shape,
                shape.columns().get(place),
                new Plays(one.cells().get(place), other.cells().get(place)),
                first,
                second));
      }
      return new Image(cells);
    }
  }

  /** A cell as two plays have it. */
  private record Plays(Cell one, Cell other) {}

  /** Gives cells that hold the moment of the execution the branch's own. */
  private final class Moments {

    private Cell cell(
        TableShape shape, Column column, Plays cell, Performance first, Performance second)
        throws Untold {
      @Nullable String text = cell.one().text();
      @Nullable String other = cell.other().text();
      if (text == null || other == null) {
        return requireSame(shape, column, cell);
      }
      RehearsalWindow.Reading reading =
          first.window().reading(text).and(second.window().reading(other));
      if (MOMENTS.contains(column.typeOid()) && reading == RehearsalWindow.Reading.SURELY) {
        return ofBranch(shape, column);
      }
      boolean mayBeRead = review.rehearsal().clock();
      boolean mayBeToday =
          switch ((int) column.typeOid()) {
            case DATE -> first.window().reading(text) != RehearsalWindow.Reading.NONE;
            case TIME, TIME_WITH_ZONE -> mayBeRead;
            default -> mayBeRead && text.contains(today(first));
          };
      if (mayBeToday && isNew(shape, column, text)) {
        throw new Untold(
            "column "
                + column.name()
                + " of "
                + shape.qualifiedName()
                + " may hold the day or the time of the execution");
      }
      return requireSame(shape, column, cell);
    }

    private static String today(Performance first) {
      return LocalDate.ofInstant(first.window().from(), first.window().zone()).toString();
    }

    private static Cell requireSame(TableShape shape, Column column, Plays cell) throws Untold {
      if (!cell.one().equals(cell.other())) {
        throw new Untold(
            "column "
                + column.name()
                + " of "
                + shape.qualifiedName()
                + " gets another value each time");
      }
      return cell.one();
    }

    private boolean isNew(TableShape shape, Column column, String text) {
      return written(shape, column).stream().noneMatch(text::equals);
    }

    private Cell ofBranch(TableShape shape, Column column) throws Untold {
      RehearsalWindow then = review.windowThen();
      List<String> found =
          written(shape, column).stream()
              .filter(text -> then.reading(text) == RehearsalWindow.Reading.SURELY)
              .distinct()
              .toList();
      if (found.size() != 1) {
        throw new Untold(
            "column "
                + column.name()
                + " of "
                + shape.qualifiedName()
                + " would hold the moment of the execution"
                + (found.isEmpty() ? ", which it did not on the branch" : ""));
      }
      return new Cell.Text(found.getFirst());
    }

    /** What the branch's transaction wrote there. */
    private List<String> written(TableShape shape, Column column) {
      List<String> texts = new ArrayList<>();
      for (Write write : unit.writes()) {
        Optional<Image> after = write.rowAfter();
        if (write.table().equals(shape.id()) && after.isPresent()) {
          @Nullable String text = after.get().cells().get(shape.indexOf(column.number())).text();
          if (text != null) {
            texts.add(text);
          }
        }
      }
      return texts;
    }
  }

  /** Each new row has a number that the branch drew for a row of the same table. */
  private void numbers(List<Write> writes, Map<TableId, TableShape> shapes) throws Untold {
    for (Write write : writes) {
      TableShape shape = shapes.get(write.table());
      SchemaSnapshot.Relation relation = onMain.relations().get(write.table());
      if (!(write instanceof Write.Insert insert) || shape == null || relation == null) {
        continue;
      }
      for (Column column : shape.columns()) {
        SchemaSnapshot.ColumnFacts facts = relation.columnFacts().get(column.number());
        boolean draws = facts != null && !facts.ownedSequence().isEmpty();
        if (draws
            && !inserted(shape, column)
                .contains(insert.after().cells().get(shape.indexOf(column.number())))) {
          throw new Untold(
              "it would make more rows in " + shape.qualifiedName() + " than it has numbers for");
        }
      }
    }
  }

  private Set<Cell> inserted(TableShape shape, Column column) {
    Set<Cell> cells = new HashSet<>();
    for (Write write : unit.writes()) {
      if (write instanceof Write.Insert insert && write.table().equals(shape.id())) {
        cells.add(insert.after().cells().get(shape.indexOf(column.number())));
      }
    }
    return cells;
  }

  private List<Again.Told> told(Performance first) {
    List<Again.Told> told = new ArrayList<>();
    List<Answer> statements = review.rehearsal().statements();
    for (int place = 0; place < statements.size(); place++) {
      Answer answer = statements.get(place);
      Outcome was = Outcome.of(answer);
      Outcome now = first.outcomes().get(place);
      boolean same =
          was.refusal().isEmpty()
              && was.count() == now.count()
              && was.result().columns().isEmpty() == now.result().columns().isEmpty()
              && (was.result().columns().isEmpty()
                  || (was.result().comparable()
                      && was.result().complete()
                      && was.result().orderedDigest() == now.result().orderedDigest()));
      told.add(new Again.Told(answer.id(), same, words(was), words(now)));
    }
    return told;
  }

  private static String words(Outcome outcome) {
    Result result = outcome.result();
    if (result.columns().isEmpty()) {
      return outcome.count() == 1 ? "1 row" : outcome.count() + " rows";
    }
    return result
        .rows()
        .filter(rows -> rows.size() == 1 && rows.getFirst().size() == 1)
        .map(rows -> String.valueOf(rows.getFirst().getFirst()))
        .orElseGet(() -> outcome.count() + " rows returned");
  }
}
