package dev.anabranch.predicate.rehearsal;

import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.base.TypeOid;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Result;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.footprint.BeyondLog;
import dev.anabranch.predicate.footprint.Traits;
import dev.anabranch.predicate.rule.Stillness;
import dev.anabranch.predicate.verdict.Cause;
import dev.anabranch.predicate.verdict.Evidence;
import dev.anabranch.predicate.verdict.Proof;
import dev.anabranch.predicate.verdict.Verdict;
import dev.anabranch.predicate.world.Degree;
import dev.anabranch.predicate.world.Later;
import dev.anabranch.predicate.world.Left;
import dev.anabranch.predicate.world.Outcome;
import dev.anabranch.predicate.world.Performance;
import dev.anabranch.predicate.world.Rehearsal;
import dev.anabranch.predicate.world.RehearsalWindow;
import dev.anabranch.predicate.world.Self;
import dev.anabranch.predicate.world.Touched;
import dev.anabranch.predicate.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The verdicts on the statements of a transaction that was executed again, twice.
 *
 * <p>It holds when it came out the same, but for what is drawn anew each time; and when it came out
 * alike and nothing that it touched has changed, for then it can only have done the same.
 *
 * @param rehearsal what was to be executed
 * @param order in which the answer's rows come
 * @param stillness what main has changed
 * @param traps the rules that are off
 */
public record Review(Rehearsal rehearsal, Traits.RowOrder order, Stillness stillness, Traps traps) {

  /** Clocks are the same machine's; a transaction's own clock stands still from its beginning. */
  private static final Duration SLACK = Duration.ofSeconds(5);

  /**
   * @param answer one of the statements
   * @param evidence the changed rows that bear on it, as far as they are known
   */
  public Verdict of(Answer answer, World.Reply reply, List<Evidence> evidence) {
    return switch (reply) {
      case World.Reply.Failed(String why) ->
          new Verdict.Undecided(Cause.NOT_REPEATED, "it can't be executed again: " + why, evidence);
      case World.Reply.Got ignored ->
          new Verdict.Undecided(Cause.NOT_REPEATED, "it was only asked again", evidence);
      case World.Reply.Performed performed -> of(answer, performed, evidence);
    };
  }

  private Verdict of(Answer answer, World.Reply.Performed performed, List<Evidence> evidence) {
    Touched touched = performed.first().touched().and(performed.second().touched());
    Optional<Verdict> untold =
        doubt(touched, performed.contradicted())
            .map(why -> undecided(Cause.BOTH_CHANGED, why, evidence))
            .or(() -> sequenceRead(touched).map(why -> undecided(Cause.DRAWN_ANEW, why, evidence)))
            .or(() ->
                beyondLog(touched, performed.first(), performed.second())
                    .map(why -> undecided(Cause.NOT_IN_LOG, why, evidence)));
    if (untold.isPresent()) {
      return untold.get();
    }
    Optional<String> moved = stillness.moved(touched);
    Optional<String> otherwise = otherwiseBefore(answer, performed, moved.isPresent());
    if (otherwise.isPresent()) {
      return new Verdict.Undecided(Cause.UNEXPLAINED, otherwise.get(), evidence);
    }
    RowsLikeness likeness = likeness(answer, performed.first(), performed.second());
    return switch (likeness.degree()) {
      case SAME, DRAWN -> holds("executed again, it does the same");
      case CHANCE ->
          moved
              .or(() -> stillness.lentOnBranch(touched.used()))
              .filter(ignored -> !traps.has(Trap.TRUST_CHANCE))
              .<Verdict>map(what ->
                  new Verdict.Undecided(
                      Cause.DRAWN_ANEW,
                      (likeness.isUnknown() ? likeness.why() : "it does something else each time")
                          + ", and "
                          + what,
                      evidence))
              .orElseGet(() -> holds("nothing that it touched has changed"));
      case OTHER ->
          moved.isPresent()
              ? new Verdict.Changed(
                  Proof.RERUN,
                  likeness.why(),
                  now(answer, performed.first()),
                  PerformedDigest.of(
                      performed, rehearsal.statements().indexOf(answer), likeness.why()),
                  evidence)
              : new Verdict.Undecided(
                  Cause.UNEXPLAINED,
                  "executed again it comes out otherwise, although nothing that it touched has"
                      + " changed: "
                      + likeness.why(),
                  evidence);
    };
  }

  /** The tables whose rows the transaction reads, when it was executed. */
  public Optional<Set<TableId>> reads(World.Reply reply) {
    return touched(reply, Touched::read);
  }

  /** With those that it wrote: where that was taken back, only that it could be is left of it. */
  public Optional<Set<TableId>> uses(World.Reply reply) {
    return touched(reply, Touched::used);
  }

  /**
   * All tables of which rows may have had a part in what came out; empty when that is not known, or
   * more than tables had.
   */
  public Optional<Set<TableId>> restsOn(World.Reply reply) {
    boolean known =
        reply instanceof World.Reply.Performed performed
            && Stillness.tellsAll(performed.first().touched().and(performed.second().touched()));
    return known ? touched(reply, Touched::relations) : Optional.empty();
  }

  private Optional<Set<TableId>> touched(
      World.Reply reply, Function<Touched, Set<TableId>> tables) {
    return switch (reply) {
      case World.Reply.Failed ignored -> Optional.empty();
      case World.Reply.Got ignored -> Optional.empty();
      case World.Reply.Performed performed ->
          Optional.of(
              stillness
                  .family(
                      tables.apply(performed.first().touched().and(performed.second().touched())))
                  .stream()
                  .filter(this::mayHoldRows)
                  .collect(Collectors.toUnmodifiableSet()));
    };
  }

  /** Why what was executed is not what main would do; empty when it is. */
  Optional<String> obstacle(World.Reply.Performed performed) {
    Touched touched = performed.first().touched().and(performed.second().touched());
    return doubt(touched, performed.contradicted())
        .or(() -> sequenceRead(touched))
        .or(() -> beyondLog(touched, performed.first(), performed.second()))
        .or(() ->
            touched.wholly() ? Optional.empty() : Optional.of("not all that it read is known"));
  }

  /** What a view or a partitioned table shows is held, and was read, in other tables. */
  private boolean mayHoldRows(TableId table) {
    SchemaSnapshot.Relation relation = stillness.onMain().now().relations().get(table);
    return relation == null || (relation.kind() != 'v' && relation.kind() != 'p');
  }

  private static Verdict undecided(Cause cause, String why, List<Evidence> evidence) {
    return new Verdict.Undecided(cause, why, evidence);
  }

  private static Verdict holds(String reason) {
    return new Verdict.Holds(Proof.RERUN, reason);
  }

  /** Rows as they would be; none for a statement that returns none. */
  private Optional<List<List<@Nullable String>>> now(Answer answer, Performance performance) {
    int place = rehearsal.statements().indexOf(answer);
    Outcome outcome = performance.outcomes().get(place);
    return outcome.result().columns().isEmpty() ? Optional.empty() : outcome.result().rows();
  }

  private Optional<String> doubt(Touched touched, Set<World.Contradiction> contradicted) {
    Set<TableId> family = stillness.family(touched.used());
    // What a row is called is nothing to who reads none and adds others under numbers of their own.
    Set<TableId> read = touched.wholly() ? stillness.family(touched.read()) : family;
    if (contradicted.stream()
        .anyMatch(one -> (one.onlyInName() ? read : family).contains(one.table()))) {
      return Optional.of("main and the branch both changed rows that it may rest on");
    }
    Set<TableId> uncertain = new HashSet<>(rehearsal.uncertain());
    uncertain.retainAll(family);
    if (!uncertain.isEmpty()) {
      return Optional.of("it depends on which of two writes it saw, which is not known");
    }
    return stillness.alteredOnBranch(touched.used()).map(what -> "on the branch, " + what);
  }

  /** What it wrote there on the branch is not known, so nothing can be compared with it. */
  private Optional<String> beyondLog(Touched touched, Performance first, Performance second) {
    if (touched.used().contains(BeyondLog.LARGE_OBJECTS)) {
      return Optional.of("it works with large objects, whose content is not in the branch's WAL");
    }
    SchemaSnapshot main = stillness.onMain().now();
    Set<TableId> used = new HashSet<>();
    touched.used().stream().filter(table -> isForeign(main, table)).forEach(used::add);
    Stream.concat(first.writes().stream(), second.writes().stream())
        .map(Write::table)
        .forEach(used::add);
    return BeyondLog.oneOf(main, used)
        .map(table -> "it writes to " + table + ", and so not in the branch's WAL");
  }

  /** A server logs a sequence ahead, so each copy has it standing somewhere else. */
  private Optional<String> sequenceRead(Touched touched) {
    return touched.used().stream()
        .map(stillness.onMain().now().relations()::get)
        .filter(relation -> relation != null && relation.kind() == 'S')
        .findFirst()
        .map(relation ->
            "it reads where the sequence " + relation.shape().qualifiedName() + " stands");
  }

  private static boolean isForeign(SchemaSnapshot schema, TableId table) {
    SchemaSnapshot.Relation relation = schema.relations().get(table);
    return relation != null && relation.kind() == 'f';
  }

  private RowsLikeness likeness(Answer answer, Performance first, Performance second) {
    int place = rehearsal.statements().indexOf(answer);
    if (place < 0 || first.outcomes().size() <= place || second.outcomes().size() <= place) {
      return RowsLikeness.other("it was not executed");
    }
    Likeness values = values(first);
    RowsLikeness rows =
        rehearsal.whole() && !traps.has(Trap.TAGS_ONLY)
            ? written(first, second, values)
            : RowsLikeness.ALIKE;
    RowsLikeness told =
        RowsLikeness.of(
            Outcome.of(answer), first.outcomes().get(place), second.outcomes().get(place), values);
    RowsLikeness atEnd =
        first.atEnd().refusal().isPresent() && rehearsal.unit().isPresent()
            ? RowsLikeness.other(
                "it would be refused with " + first.atEnd().refusal().get().words())
            : RowsLikeness.ALIKE;
    return told.and(rows)
        .and(atEnd)
        .and(ordered(answer, first.outcomes().get(place)))
        .and(left(answer, place, first, second, values));
  }

  /**
   * The settings that it left its session: what stands there is what its code read, and whatever
   * was asked under it rests on that.
   */
  private RowsLikeness left(
      Answer answer, int place, Performance first, Performance second, Likeness values) {
    Later later = rehearsal.later().get(answer.id());
    if (later == null
        || first.outcomes().get(place).refusal().isPresent()
        || traps.has(Trap.SETTINGS_STAY_AS_LEFT)) {
      return RowsLikeness.ALIKE;
    }
    Set<String> names = new TreeSet<>(later.names(answer));
    first.left().get(place).changed().keySet().stream()
        .filter(name -> later.isCompared(answer, name))
        .forEach(names::add);
    RowsLikeness all = RowsLikeness.ALIKE;
    for (String name : names) {
      all =
          all.and(
              left(name, answer, later, first.left().get(place), second.left().get(place), values));
    }
    return all;
  }

  private static RowsLikeness left(
      String name, Answer answer, Later later, Left first, Left second, Likeness values) {
    String found =
        answer.question().settings().getOrDefault(name, first.found().getOrDefault(name, ""));
    String was = later.value(name);
    String is = first.changed().getOrDefault(name, found);
    Degree degree = values.of(TEXT, was, is, second.changed().getOrDefault(name, found));
    if (degree.compareTo(Degree.DRAWN) <= 0) {
      return RowsLikeness.ALIKE;
    }
    boolean sets =
        later.sameTransaction()
            ? first.changed().containsKey(name)
            : first.lasting().filter(lasting -> lasting.containsKey(name)).isPresent();
    boolean known =
        later.sameTransaction()
            || first.lasting().isPresent()
            || !first.changed().containsKey(name);
    if (known && !sets && later.isAsFound(name, found)) {
      return RowsLikeness.ALIKE;
    }
    return sets && later.certain()
        ? new RowsLikeness(
            degree,
            "it left " + name + " at " + shown(was) + ", and would leave it at " + shown(is))
        : new RowsLikeness(Degree.CHANCE, "which statement set " + name + " is not known");
  }

  private static String shown(String value) {
    return value.isEmpty() ? "nothing" : value;
  }

  private static final long TEXT = TypeOid.TEXT;

  /** The same rows in another order, where an order was asked for. */
  private RowsLikeness ordered(Answer answer, Outcome now) {
    Result was = answer.result();
    boolean otherwise =
        order.ordered()
            && now.refusal().isEmpty()
            && was.comparable()
            && was.bagDigest() == now.result().bagDigest()
            && was.orderedDigest() != now.result().orderedDigest();
    return otherwise
        ? new RowsLikeness(
            order.total() ? Degree.OTHER : Degree.CHANCE, "its rows come in another order now")
        : RowsLikeness.ALIKE;
  }

  /**
   * Where what a transaction wrote is not known, the statements before this one left it the same
   * rows only if they came out the same themselves.
   */
  private Optional<String> otherwiseBefore(
      Answer answer, World.Reply.Performed performed, boolean moved) {
    if (rehearsal.whole() || traps.has(Trap.NOTHING_CAME_BEFORE)) {
      return Optional.empty();
    }
    Degree worst = moved ? Degree.DRAWN : Degree.CHANCE;
    return IntStream.range(0, Math.max(0, rehearsal.statements().indexOf(answer)))
        .mapToObj(place -> told(place, performed.first(), performed.second()))
        .filter(told -> told.degree().compareTo(worst) > 0)
        .findFirst()
        .map(told -> "its transaction would have begun otherwise: before it, " + told.why());
  }

  private RowsLikeness told(int place, Performance first, Performance second) {
    if (place < 0 || first.outcomes().size() <= place || second.outcomes().size() <= place) {
      return RowsLikeness.other("a statement was not executed");
    }
    return RowsLikeness.of(
        Outcome.of(rehearsal.statements().get(place)),
        first.outcomes().get(place),
        second.outcomes().get(place),
        values(first));
  }

  private Likeness values(Performance first) {
    boolean clock = rehearsal.clock();
    return new Likeness(
        clock ? windowThen() : RehearsalWindow.NEVER,
        clock ? first.window() : RehearsalWindow.NEVER,
        first.touched(),
        Self.of(rehearsal.statements(), rehearsal.unit()),
        first.self(),
        traps);
  }

  RehearsalWindow windowThen() {
    Answer first = rehearsal.statements().getFirst();
    Instant last =
        rehearsal.unit().map(Unit::committedAt).orElse(rehearsal.statements().getLast().askedAt());
    return new RehearsalWindow(
        first.askedAt().minus(SLACK),
        last.plus(SLACK),
        RehearsalWindow.zone(first.question().settings().getOrDefault("timezone", "UTC")));
  }

  private RowsLikeness written(Performance first, Performance second, Likeness values) {
    Map<TableId, TableShape> layouts = new LinkedHashMap<>();
    rehearsal.unit().ifPresent(unit -> unit.shapes().forEach(s -> layouts.put(s.id(), s)));
    List<Write> own = rehearsal.unit().map(Unit::writes).orElse(List.of());
    Optional<Map<TableId, NetRows>> was = NetRows.of(own, layouts, layouts);
    Optional<Map<TableId, NetRows>> is = NetRows.of(first.writes(), shapes(first), layouts);
    Optional<Map<TableId, NetRows>> again = NetRows.of(second.writes(), shapes(second), layouts);
    if (was.isEmpty() || is.isEmpty() || again.isEmpty()) {
      return RowsLikeness.other("a table that it writes has other columns now");
    }
    Set<TableId> tables = new HashSet<>(was.get().keySet());
    tables.addAll(is.get().keySet());
    RowsLikeness all = RowsLikeness.ALIKE;
    for (TableId table : tables) {
      TableShape shape =
          Optional.ofNullable(was.get().get(table)).orElseGet(() -> is.get().get(table)).shape();
      NetRows none = NetRows.none(shape);
      all =
          all.and(
              RowsLikeness.of(
                  was.get().getOrDefault(table, none),
                  is.get().getOrDefault(table, none),
                  again.get().getOrDefault(table, none),
                  values.ofRows()));
    }
    return all;
  }

  private static Map<TableId, TableShape> shapes(Performance performance) {
    Map<TableId, TableShape> shapes = new LinkedHashMap<>();
    performance.shapes().forEach(shape -> shapes.put(shape.id(), shape));
    return shapes;
  }
}
