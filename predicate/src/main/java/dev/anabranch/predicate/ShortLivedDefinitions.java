package dev.anabranch.predicate;

import dev.anabranch.base.TableId;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.footprint.Mentions;
import dev.anabranch.predicate.footprint.Traits;
import dev.anabranch.predicate.footprint.Writes;
import dev.anabranch.predicate.rule.DdlEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a branch had defined for a while: made and dropped again, or altered and altered back. The
 * catalogs of the fork point and of now do not show it, and an answer that was given meanwhile may
 * be by it.
 *
 * <p>An answer from before the first or from after the last of an object's alterations met what one
 * of the two catalogs shows, and is judged by these.
 */
final class ShortLivedDefinitions {

  /** A commit is seen by others a little later than the moment that is kept of it. */
  private static final Duration COMMIT_SLACK = Duration.ofSeconds(1);

  /** The control database keeps microseconds, and so does the branch. */
  private static final Duration CLOCK_SLACK = Duration.ofMillis(5);

  private static final long LOW_32_BITS = 0xFFFF_FFFFL;

  private static final String TABLES = "pg_class";

  /** Objects that bear on the rows of a relation, and are not named by statements. */
  private static final Set<String> PARTS = Set.of("pg_policy", "pg_rewrite", "pg_attrdef");

  /** Objects that bear on what is written, also to rows that follow others. */
  private static final Set<String> OF_WRITES = Set.of("pg_trigger", "pg_constraint");

  /** Objects that are found by their names alone. */
  private static final Set<String> NAMED =
      Set.of("pg_proc", "pg_type", "pg_collation", "pg_ts_config", "pg_ts_dict");

  /** Objects that statements rest on without a word. */
  private static final Set<String> UNNAMED = Set.of("pg_cast", "pg_namespace");

  private record Thing(String kind, long object, int part) {}

  /**
   * All that was done to one object, in order.
   *
   * @param beginning from when on it may have been there; empty when that is not known
   */
  private record Past(Thing thing, List<DdlEntry> steps, Optional<DdlEntry> beginning) {
    DdlEntry last() {
      return steps.getLast();
    }

    boolean isOfATable() {
      return thing.kind().equals(TABLES) && steps.getFirst().relations().contains(table());
    }

    TableId table() {
      return new TableId(thing.object());
    }
  }

  private final List<Past> pasts = new ArrayList<>();
  private final Map<Long, Ending> byTransactionId = new HashMap<>();

  /** Those of which no id is known. */
  private final List<Ending> nameless = new ArrayList<>();

  /**
   * When the first was sent of all that was begun at a tick or later: what ended before that tick
   * had ended by then.
   */
  private final NavigableMap<Long, Instant> begun = new TreeMap<>();

  ShortLivedDefinitions(BranchHistory history) {
    Map<Thing, List<DdlEntry>> all = new LinkedHashMap<>();
    for (DdlEntry step : history.ddl()) {
      all.computeIfAbsent(
              new Thing(step.kind(), step.object(), step.part()), ignored -> new ArrayList<>())
          .add(step);
    }
    all.forEach((thing, steps) -> {
      Past past = new Past(thing, steps, beginning(steps, all));
      if (hasGone(past, history.branchAtFork()) || hasComeBack(past)) {
        pasts.add(past);
      }
    });
    if (!pasts.isEmpty()) {
      history.endings().forEach(this::take);
      history.answers().forEach(answer -> begin(answer.span().begin(), answer.askedAt()));
      Instant first = Instant.MAX;
      for (Map.Entry<Long, Instant> sent : begun.descendingMap().entrySet()) {
        first = sent.getValue().isBefore(first) ? sent.getValue() : first;
        sent.setValue(first);
      }
    }
  }

  private void take(Ending ending) {
    begin(ending.span().begin(), ending.sentAt());
    if (ending.transactionId().isPresent()) {
      byTransactionId.put(ending.transactionId().getAsLong() & LOW_32_BITS, ending);
    } else if (ending.kind() != Ending.Kind.ROLLED_BACK) {
      nameless.add(ending);
    }
  }

  private void begin(long tick, Instant sent) {
    begun.merge(tick, sent, (one, other) -> one.isBefore(other) ? one : other);
  }

  /** What is made with its table, or by altering it, is not told of by itself. */
  private static Optional<DdlEntry> beginning(
      List<DdlEntry> steps, Map<Thing, List<DdlEntry>> all) {
    if (steps.size() > 1) {
      return Optional.of(steps.getFirst());
    }
    return steps.getFirst().relations().stream()
        .flatMap(table -> all.getOrDefault(new Thing(TABLES, table.oid(), 0), List.of()).stream())
        .filter(step -> !step.dropped())
        .min(Comparator.comparing(DdlEntry::at));
  }

  /** Made on the branch, and dropped; not what came and went with a table. */
  private static boolean hasGone(Past past, SchemaSnapshot atFork) {
    boolean silent = past.steps().size() == 1;
    boolean withItsTable =
        switch (past.thing().kind()) {
          case TABLES -> silent && past.thing().part() == 0;
          case "pg_type", "pg_trigger" -> silent;
          case "pg_attrdef", "pg_constraint", "pg_rewrite" ->
              silent && past.last().relations().isEmpty();
          default -> false;
        };
    return past.last().dropped()
        && !withItsTable
        && (past.thing().part() == 0
            ? past.last().ofTheBranch()
            : isNew(atFork.relations().get(past.table()), past.thing()));
  }

  private static boolean isNew(SchemaSnapshot.@Nullable Relation table, Thing column) {
    return table != null && table.shape().indexOf(column.part()) < 0;
  }

  private static boolean hasComeBack(Past past) {
    return past.steps().stream().anyMatch(step -> isPassing(step, past));
  }

  private static boolean isPassing(DdlEntry step, Past past) {
    return !step.dropped() && !past.last().dropped() && !step.state().equals(past.last().state());
  }

  /**
   * A clause about the first of these that an answer may have been given by.
   *
   * @param tables whose rows it reads or writes
   */
  Optional<String> why(Answer answer, Traits traits, Set<TableId> tables) {
    return pasts.stream()
        .filter(past -> mayBearOn(past, traits, tables) && mayHaveBeenThere(past, answer))
        .findFirst()
        .map(ShortLivedDefinitions::sentence);
  }

  /** Whether it may have been given by any of these, as far as time tells. */
  boolean any(Answer answer) {
    return pasts.stream().anyMatch(past -> mayHaveBeenThere(past, answer));
  }

  private static String sentence(Past past) {
    String name = past.steps().getFirst().name();
    String what = name.isEmpty() ? "a definition" : name;
    return past.last().dropped()
        ? what + " was made and dropped again, and it may have been given by that"
        : what + " was altered before it and again after it";
  }

  private boolean mayHaveBeenThere(Past past, Answer answer) {
    List<DdlEntry> steps = past.steps();
    if (past.last().dropped()) {
      return isPossiblyAfter(past.last(), answer)
          && past.beginning().map(step -> isPossiblyBefore(step, answer)).orElse(true);
    }
    for (int i = 0; i + 1 < steps.size(); i++) {
      if (isPassing(steps.get(i), past)
          && isPossiblyBefore(steps.get(i), answer)
          && isPossiblyAfter(steps.get(i + 1), answer)) {
        return true;
      }
    }
    return false;
  }

  /** Whose transaction it may have been that made a step: its own where that is known. */
  private List<Ending> endingsOf(DdlEntry step) {
    Ending known = byTransactionId.get(step.transactionId() & LOW_32_BITS);
    if (known != null) {
      return List.of(known);
    }
    return step.committed()
        .map(moment -> nameless.stream().filter(ending -> includes(ending, moment)).toList())
        .orElse(List.of());
  }

  private static boolean includes(Ending ending, Instant moment) {
    boolean open = ending.kind() == Ending.Kind.UNKNOWN;
    return !ending.sentAt().minus(CLOCK_SLACK).isAfter(moment)
        && (open || !ending.doneAt().plus(CLOCK_SLACK).isBefore(moment));
  }

  private static boolean isOfItsTransaction(Ending ending, Answer answer) {
    return ending.session().equals(answer.session())
        && ending.transaction() == answer.transaction();
  }

  private boolean isPossiblyAfter(DdlEntry step, Answer answer) {
    List<Ending> endings = endingsOf(step);
    if (endings.size() == 1 && isOfItsTransaction(endings.getFirst(), answer)) {
      return !step.at().isBefore(answer.askedAt());
    }
    boolean done =
        !endings.isEmpty()
            && endings.stream()
                .allMatch(ending ->
                    ending.kind() != Ending.Kind.UNKNOWN && ending.span().isBefore(answer.span()));
    return !done
        && step.committed()
            .map(moment -> !moment.plus(COMMIT_SLACK).isBefore(answer.askedAt()))
            .orElse(true);
  }

  private boolean isPossiblyBefore(DdlEntry step, Answer answer) {
    Map.Entry<Long, Instant> next = begun.higherEntry(answer.span().end());
    return next == null || !step.at().isAfter(next.getValue());
  }

  private static boolean mayBearOn(Past past, Traits traits, Set<TableId> tables) {
    String kind = past.thing().kind();
    if (UNNAMED.contains(kind)) {
      return true;
    }
    if (OF_WRITES.contains(kind)
        || (kind.equals(TABLES) && past.thing().part() == 0 && !past.isOfATable())) {
      return traits.writes().isPresent() || traits.userCode();
    }
    boolean found = kind.equals("pg_operator") || NAMED.contains(kind);
    if (!found && !kind.equals(TABLES) && !PARTS.contains(kind)) {
      return false;
    }
    return traits.userCode()
        || (found ? isNamed(past, traits.mentions()) : isInSight(past, traits, tables));
  }

  private static boolean isNamed(Past past, Mentions mentions) {
    return past.steps().stream()
        .anyMatch(step ->
            past.thing().kind().equals("pg_operator")
                ? mentions.operators().contains(step.name())
                : mentions.names(step.name()));
  }

  private static boolean isInSight(Past past, Traits traits, Set<TableId> tables) {
    boolean seen = ofRows(past, tables);
    return switch (past.thing().kind()) {
      case TABLES ->
          past.thing().part() != 0
              ? seen && showsColumn(past, traits)
              : seen || isNamed(past, traits.mentions());
      case "pg_attrdef" -> seen && traits.writes().isPresent();
      default -> seen;
    };
  }

  private static boolean ofRows(Past past, Set<TableId> tables) {
    Set<TableId> relations = new HashSet<>();
    past.steps().forEach(step -> relations.addAll(step.relations()));
    return relations.stream().anyMatch(tables::contains);
  }

  private static boolean showsColumn(Past past, Traits traits) {
    Mentions mentions = traits.mentions();
    return mentions.star()
        || mentions.wholeRows()
        || mentions.rows().contains(past.table())
        || mentions.names(past.last().name())
        || traits.writes().map(Writes::targets).filter(to -> to.contains(past.table())).isPresent();
  }
}
