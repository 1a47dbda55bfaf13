package dev.anabranch.predicate;

import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.OwnWrites;
import dev.anabranch.ledger.Question;
import dev.anabranch.ledger.Told;
import dev.anabranch.ledger.Undone;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.footprint.Traits;
import dev.anabranch.predicate.footprint.Writes;
import dev.anabranch.predicate.rule.OwnRows;
import dev.anabranch.predicate.rule.Reading;
import dev.anabranch.predicate.rule.SchemaDrift;
import dev.anabranch.predicate.timeline.Landed;
import dev.anabranch.predicate.timeline.Timeline;
import dev.anabranch.predicate.world.Later;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** Which statements made up which transaction of a branch, and what each transaction wrote. */
final class Transactions {

  private record Id(UUID session, long number) {
    static Id of(Answer answer) {
      return new Id(answer.session(), answer.transaction());
    }
  }

  private final Timeline timeline;
  private final SchemaSnapshot schema;
  private final Map<Long, Footprint> footprints;
  private final Map<Id, List<Answer>> statements = new HashMap<>();
  private final Map<Id, Ending> endings = new HashMap<>();
  private final Ownership ownership;
  private final Succession succession;

  Transactions(BranchHistory history, Map<Long, Footprint> footprints, Timeline timeline) {
    this.footprints = footprints;
    this.schema = history.branchNow();
    history.answers().stream()
        .sorted(Comparator.comparingLong(Answer::id))
        .forEach(answer ->
            statements.computeIfAbsent(Id.of(answer), ignored -> new ArrayList<>()).add(answer));
    history.endings().forEach(ending -> endings.put(id(ending), ending));
    this.succession =
        new Succession(
            history.answers(),
            answer -> Optional.ofNullable(endings.get(Id.of(answer))),
            this::mayRunCode);
    this.ownership = new Ownership(history.units(), timeline, this::mayHaveMade, this::surelyWrote);
    this.timeline = timeline.knowing(ownership.known());
  }

  /** What is in order by all that is known of who made what. */
  Timeline timeline() {
    return timeline;
  }

  /** Who made each unit, by its id, as far as that is known. */
  Map<Long, Ending> owners() {
    return ownership.known();
  }

  /**
   * Not when one statement wrote rows that are not in the unit, or, where its words say all that it
   * writes, wrote to other tables, other rows or nothing.
   */
  private boolean mayHaveMade(Ending ending, Unit unit) {
    List<Answer> writers = writers(id(ending), Long.MAX_VALUE);
    if (writers.size() != 1 || writers.getFirst().told() != Told.EFFECT) {
      return true;
    }
    Answer answer = writers.getFirst();
    Set<TableId> counted = countedIn(answer);
    if (!counted.isEmpty()
        && unit.writes().stream().noneMatch(write -> counted.contains(write.table()))) {
      return false;
    }
    Optional<Traits> traits = traits(answer);
    if (traits.isEmpty() || !tellsAll(answer)) {
      return true;
    }
    Footprint footprint = footprints.getOrDefault(answer.id(), UNKNOWN);
    boolean wrote = !Reading.wroteNothing(answer, footprint);
    Set<TableId> tables = SchemaDrift.descendants(schema, traits.get().relations());
    return wrote
        && unit.writes().stream().allMatch(write -> tables.contains(write.table()))
        && mayHaveFound(answer, unit);
  }

  /**
   * An UPDATE or a DELETE wrote rows that its words find, an INSERT those that it was given; with
   * ON CONFLICT, all that it wrote has the key of one that it was given.
   */
  private boolean mayHaveFound(Answer answer, Unit unit) {
    Footprint footprint = footprints.getOrDefault(answer.id(), UNKNOWN);
    Optional<Writes> writes = traits(answer).flatMap(Traits::writes).filter(Writes::counted);
    boolean finds =
        writes.filter(Writes::onConflict).isPresent()
            || (writes.isPresent() && FINDS.matcher(answer.commandTag()).matches());
    if (footprint instanceof Footprint.OwnWrite own) {
      return new Reading(schema).mayBe(own, answer.question().parameters(), unit);
    }
    return !finds || new Reading(schema).mayMatch(footprint, answer.question().parameters(), unit);
  }

  /** One statement that told of rows which it wrote, to tables that are logged. */
  private boolean surelyWrote(Ending ending) {
    List<Answer> writers = writers(id(ending), Long.MAX_VALUE);
    return ending.kind() == Ending.Kind.COMMITTED
        && writers.size() == 1
        && !countedIn(writers.getFirst()).isEmpty();
  }

  /**
   * The tables, all logged, to one of which at least a row was written that the statement's tag
   * counts, whatever triggers did besides; empty when that is not known.
   */
  private Set<TableId> countedIn(Answer answer) {
    if (answer.told() != Told.EFFECT || !COUNTS.matcher(answer.commandTag()).matches()) {
      return Set.of();
    }
    Set<TableId> tables =
        schema.withDescendants(
            traits(answer).flatMap(Traits::writes).map(Writes::targets).orElse(Set.of()));
    boolean logged =
        tables.stream()
            .map(table -> schema.relations().get(table))
            .allMatch(relation ->
                relation != null
                    && (relation.kind() == 'r' || relation.kind() == 'p')
                    && relation.persistence() == 'p');
    return logged ? tables : Set.of();
  }

  private static final Pattern FINDS = Pattern.compile("(UPDATE|DELETE) [0-9]+");

  private static final Pattern COUNTS =
      Pattern.compile("(INSERT 0|UPDATE|DELETE|MERGE) [0-9]*[1-9][0-9]*");

  /** Whether a statement's words say all that it reads and writes, code of the user's included. */
  boolean tellsAll(Answer answer) {
    return saysAll(answer) && !hidesCode(answer);
  }

  /** What a statement's words read, where they say all; nothing where it was given all values. */
  Optional<Footprint.Reads> reads(Answer answer) {
    return switch (footprints.getOrDefault(answer.id(), UNKNOWN)) {
      case Footprint.Reads reads -> Optional.of(reads);
      case Footprint.OwnWrite own ->
          Optional.of(new Footprint.Reads(List.of(), own.traits(), Optional.empty()));
      case Footprint.AlwaysRerun ignored -> Optional.empty();
      case Footprint.NotOfData ignored -> Optional.empty();
      case Footprint.Unanswerable ignored -> Optional.empty();
    };
  }

  private boolean saysAll(Answer answer) {
    return switch (footprints.getOrDefault(answer.id(), UNKNOWN)) {
      case Footprint.Reads ignored -> true;
      case Footprint.OwnWrite ignored -> true;
      case Footprint.AlwaysRerun ignored -> false;
      case Footprint.NotOfData ignored -> false;
      case Footprint.Unanswerable ignored -> false;
    };
  }

  private static final Footprint UNKNOWN = new Footprint.Unanswerable("it was not analysed");

  private static Id id(Ending ending) {
    return new Id(ending.session(), ending.transaction());
  }

  /** Whether a statement may have written, whatever its words say. */
  boolean mayWrite(Answer answer) {
    return answer.told() != Told.ROWS
        || traits(answer)
            .filter(traits -> traits.userCode() || traits.writes().isPresent())
            .isPresent();
  }

  /** Whether code of the user's has a part in it, of which nothing is known. */
  boolean hidesCode(Answer answer) {
    return traits(answer).map(Traits::userCode).orElse(false);
  }

  Optional<Traits> traits(Answer answer) {
    Footprint footprint = footprints.get(answer.id());
    return footprint == null
        ? Optional.empty()
        : switch (footprint) {
          case Footprint.Reads reads -> Optional.of(reads.traits());
          case Footprint.AlwaysRerun rerun -> Optional.of(rerun.traits());
          case Footprint.OwnWrite own -> Optional.of(own.traits());
          case Footprint.NotOfData ignored -> Optional.empty();
          case Footprint.Unanswerable ignored -> Optional.empty();
        };
  }

  /**
   * Whether an answer may have seen writes of its own transaction that the gateway could not see:
   * an earlier statement ran code of the user's, and the transaction wrote.
   */
  boolean mayHaveSeenHidden(Answer answer) {
    Id id = Id.of(answer);
    return answer.ownWrites() instanceof OwnWrites.None
        && (unit(id).isPresent() || isUnclear(id))
        && (!upTo(answer).equals(List.of(answer)) || maySeeLater(answer));
  }

  /**
   * What a query sees is of the moment when it began, however late its rows were read: from a
   * cursor, or from a portal in parts.
   */
  private static boolean isBefore(Answer earlier, Answer answer) {
    return earlier.id() < answer.id() && earlier.span().begin() <= answer.span().begin();
  }

  /**
   * Whether its transaction may have written while it was read, and more than rows have a part in
   * it: code, say, that sees what was written meanwhile.
   */
  boolean maySeeLater(Answer answer) {
    boolean onlyRows =
        !mayWrite(answer)
            && footprints.getOrDefault(answer.id(), UNKNOWN) instanceof Footprint.Reads;
    return !onlyRows
        && writers(Id.of(answer), answer.id()).stream()
            .anyMatch(earlier -> !isBefore(earlier, answer));
  }

  /**
   * Rows that earlier statements of the same transaction may have written: the place of a single
   * statement in its transaction is not known.
   */
  OwnRows ownRows(Answer answer) {
    Id id = Id.of(answer);
    if (writers(id, Long.MAX_VALUE).size() == 1) {
      return new OwnRows.None();
    }
    if (isUnclear(id) || mayBeUndone(answer)) {
      return new OwnRows.Any();
    }
    Map<TableId, Set<Key>> keys = new HashMap<>();
    Set<TableId> wholly = new HashSet<>();
    for (Unit unit : unit(id).stream().toList()) {
      Map<TableId, TableShape> shapes = new HashMap<>();
      unit.shapes().forEach(shape -> shapes.put(shape.id(), shape));
      for (Write write : unit.writes()) {
        TableShape shape = shapes.get(write.table());
        if (shape == null || !shape.hasKey() || write instanceof Write.Truncate) {
          wholly.add(write.table());
        } else {
          keys.computeIfAbsent(write.table(), ignored -> new HashSet<>())
              .addAll(keys(write, shape));
        }
      }
    }
    return new OwnRows.Written(keys, wholly);
  }

  /**
   * Units that have all rows that a statement's transaction wrote and kept, and perhaps others.
   * Empty where nobody knows what it wrote, for it was rolled back or is under way.
   */
  Optional<List<Unit>> wrote(Answer answer) {
    Id id = Id.of(answer);
    Optional<Unit> unit = unit(id);
    if (mayBeUndone(answer)) {
      return Optional.empty();
    }
    if (unit.isPresent()) {
      return unit.map(List::of);
    }
    return Optional.ofNullable(endings.get(id))
        .map(Ending::kind)
        .filter(kind -> kind == Ending.Kind.COMMITTED || kind == Ending.Kind.COMMITTED_IN_PART)
        .map(ignored -> isUnclear(id) ? timeline.past().units() : List.of());
  }

  /**
   * Whether an answer saw writes of its own transaction that were rolled back to a savepoint, and
   * so are in no unit.
   */
  boolean sawUndone(Answer answer) {
    Ending ending = endings.get(Id.of(answer));
    return answer.ownWrites() instanceof OwnWrites.UpTo
        && ending != null
        && ending.undone() instanceof Undone.Parts
        && switch (ending.kind()) {
          case COMMITTED, COMMITTED_IN_PART -> ending.undone().mayHold(answer.span().end());
          case ROLLED_BACK, UNKNOWN -> false;
        };
  }

  /** Whether it was rolled back to a savepoint, and what it saw with it. */
  boolean mayBeUndone(Answer answer) {
    Ending ending = endings.get(Id.of(answer));
    return ending != null && ending.undone().mayHold(answer.span().end());
  }

  private static List<Key> keys(Write write, TableShape shape) {
    return write.images().stream().map(shape::keyOf).toList();
  }

  /** All statements of its transaction that may have written, in order. */
  List<Answer> executed(Answer answer) {
    return executed(Id.of(answer), Long.MAX_VALUE);
  }

  Optional<Ending> ending(Answer answer) {
    return Optional.ofNullable(endings.get(Id.of(answer)));
  }

  /** What its transaction wrote, where that is known. */
  Optional<Unit> unit(Answer answer) {
    return unit(Id.of(answer));
  }

  /** Whether it is not known what its transaction wrote, if anything. */
  boolean isUnclear(Answer answer) {
    return isUnclear(Id.of(answer));
  }

  /** What came after it in its session, where it may have run code and that is known. */
  Optional<Later> later(Answer answer) {
    return mayRunCode(answer) ? succession.later(answer) : Optional.empty();
  }

  private Optional<Unit> unit(Id id) {
    return Optional.ofNullable(endings.get(id)).flatMap(ownership::of);
  }

  private boolean isUnclear(Id id) {
    return Optional.ofNullable(endings.get(id)).filter(ownership::isUnclear).isPresent();
  }

  /**
   * The table that a COPY filled with the rows it was given, and what that is a partition of, when
   * nothing else can have had a part in it: it was alone, and as many rows came into one table as
   * it told of. Were another one its table, and a trigger at work, the rows would be more, or in
   * several tables, or not counted.
   */
  Set<TableId> copiedInto(Answer answer) {
    Id id = Id.of(answer);
    List<Write> writes = unit(id).map(Unit::writes).orElse(List.of());
    Set<TableId> tables = new HashSet<>();
    writes.forEach(write -> tables.add(write.table()));
    boolean given =
        answer.commandTag().equals(Told.COPY_FROM + writes.size())
            && writers(id, Long.MAX_VALUE).size() == 1
            && writes.stream().allMatch(Write.Insert.class::isInstance)
            && tables.size() == 1;
    return given ? withAncestors(tables) : Set.of();
  }

  private Set<TableId> withAncestors(Set<TableId> tables) {
    Set<TableId> all = new HashSet<>(tables);
    schema
        .relations()
        .forEach((table, relation) -> {
          if (relation.children().stream().anyMatch(tables::contains)) {
            all.addAll(withAncestors(Set.of(table)));
          }
        });
    return all;
  }

  /** A statement that fills a row of a table as COPY does, with all of its defaults. */
  Answer filling(Answer copy, TableId table) {
    SchemaSnapshot.Relation relation = schema.relations().get(table);
    String name = relation == null ? "" : relation.shape().quotedName();
    Question question =
        new Question(
            "INSERT INTO " + name + " DEFAULT VALUES", List.of(), copy.question().settings());
    return copy.asking(question);
  }

  /** Whether no other statement of its transaction can have written what that wrote. */
  boolean isOnlyWriter(Answer answer) {
    return executed(Id.of(answer), Long.MAX_VALUE).stream()
        .filter(other -> other.id() != answer.id())
        .allMatch(
            other -> Reading.wroteNothing(other, footprints.getOrDefault(other.id(), UNKNOWN)));
  }

  private List<Answer> writers(Id id, long before) {
    return executed(id, before).stream().filter(answer -> !answer.setsConstraints()).toList();
  }

  private List<Answer> executed(Id id, long before) {
    return statements.getOrDefault(id, List.of()).stream()
        .filter(answer -> answer.id() < before && mayWrite(answer))
        .toList();
  }

  /** Those of its transaction that may have written before it, and itself. */
  List<Answer> upTo(Answer answer) {
    List<Answer> all = new ArrayList<>(executed(Id.of(answer), answer.id()));
    all.removeIf(earlier -> !isBefore(earlier, answer));
    all.add(answer);
    return List.copyOf(all);
  }

  /** Of DO and CALL no more is known than that. */
  boolean mayRunCode(Answer answer) {
    return hidesCode(answer) || (traits(answer).isEmpty() && !answer.setsConstraints());
  }

  /** Whether code may have left the settings of its session otherwise than it found them. */
  boolean leftSettings(Answer answer) {
    return mayRunCode(answer)
        && succession.later(answer).filter(next -> next.differs(answer)).isPresent();
  }

  /** What the statement's transaction wrote, where that is on main. */
  Optional<Unit> landed(Answer answer) {
    return unit(Id.of(answer)).filter(unit -> timeline.past().landed().units().contains(unit.id()));
  }

  /**
   * Why main has not, or not as it was told, what the statement's transaction wrote and landed, in
   * a clause; empty where it has.
   */
  Optional<String> landedOtherwise(Answer answer) {
    Landed landed = timeline.past().landed();
    Optional<Unit> unit = unit(Id.of(answer));
    if (unit.map(Unit::id).filter(landed.undone()::contains).isPresent()) {
      return Optional.of("what it wrote has landed and was undone");
    }
    if (unit.map(Unit::id).filter(landed.redone()::contains).isPresent()) {
      return Optional.of("what it wrote has landed as it was executed again, which told otherwise");
    }
    // Of rows that a statement itself returned, those on main are compared.
    boolean told = answer.told() == Told.ROWS;
    Optional<Set<TableId>> written =
        new Reading(schema).written(footprints.getOrDefault(answer.id(), UNKNOWN));
    return unit.filter(made -> told && landed.hasOtherwise(made, written))
        .map(_ -> "what it told of has landed with other values");
  }

  /**
   * The same statement, as if its transaction had written nothing before: all of it is executed.
   */
  static Answer alone(Answer answer) {
    return answer.seeing(new OwnWrites.None());
  }
}
