package dev.anabranch.predicate;

import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Unit;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.Judgement.Decided;
import dev.anabranch.predicate.Judgement.Pending;
import dev.anabranch.predicate.footprint.Columns;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.footprint.Repeat;
import dev.anabranch.predicate.footprint.Traits;
import dev.anabranch.predicate.match.RowMatcher;
import dev.anabranch.predicate.rule.AddedColumns;
import dev.anabranch.predicate.rule.ByRule;
import dev.anabranch.predicate.rule.Finding;
import dev.anabranch.predicate.rule.Movement;
import dev.anabranch.predicate.rule.OwnRows;
import dev.anabranch.predicate.rule.Prover;
import dev.anabranch.predicate.rule.Reading;
import dev.anabranch.predicate.rule.SchemaDrift;
import dev.anabranch.predicate.rule.SearchPath;
import dev.anabranch.predicate.rule.Tally;
import dev.anabranch.predicate.timeline.Placement;
import dev.anabranch.predicate.timeline.Seen;
import dev.anabranch.predicate.timeline.Timeline;
import dev.anabranch.predicate.timeline.WritesThatMatter;
import dev.anabranch.predicate.verdict.AskedBecause;
import dev.anabranch.predicate.verdict.Cause;
import dev.anabranch.predicate.verdict.Proof;
import dev.anabranch.predicate.verdict.Verdict;
import dev.anabranch.predicate.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Decides answers by what is known without asking again, for one position of main. */
final class Judge {

  private static final Pattern MOMENT_WORD =
      Pattern.compile("(?i)\\b(now|today|tomorrow|yesterday)\\b");

  /** Up to which Postgres reads a text as a moment. */
  private static final int LONGEST_MOMENT = 128;

  private final BranchHistory history;
  private final String actsAs;
  private final SchemaDrift onMain;
  private final SchemaDrift onBranch;
  private final Timeline timeline;
  private final Prover prover;
  private final Reading reading;
  private final Map<TableId, String> writtenAnew;
  private final ShortLivedDefinitions shortLived;
  private final Traps traps;

  /** By what is named, all that is read: most answers name the same. */
  private final Map<Set<TableId>, Set<TableId>> families = new HashMap<>();

  Judge(
      BranchHistory history,
      String actsAs,
      SchemaSnapshot mainNow,
      Timeline timeline,
      Prover prover,
      Traps traps) {
    this.history = history;
    this.actsAs = actsAs;
    this.onMain = new SchemaDrift(history.atFork(), mainNow);
    this.onBranch = new SchemaDrift(history.branchAtFork(), history.branchNow());
    this.timeline = timeline;
    this.prover = prover;
    this.reading = new Reading(history.atFork());
    this.writtenAnew = writtenAnew(history);
    this.shortLived = new ShortLivedDefinitions(history);
    this.traps = traps;
  }

  Judgement judge(Answer answer, Footprint footprint) {
    return switch (footprint) {
      case Footprint.Unanswerable(String why, var ignored, var unread) ->
          undecided(Cause.UNREADABLE, why, Tally.NOTHING);
      case Footprint.NotOfData ignored ->
          undecided(Cause.NOT_OF_DATA, "it is not about main's data", Tally.NOTHING);
      case Footprint.OwnWrite own -> ownWrite(answer, own.traits());
      case Footprint.AlwaysRerun rerun -> pending(beyondWords(rerun), answer, rerun.traits());
      case Footprint.Reads reads -> judge(answer, reads);
    };
  }

  /** Given values come back as they were given, while the table's definition is the same. */
  private Judgement ownWrite(Answer answer, Traits traits) {
    return alteredOnMain(answer, traits, Map.of()).isPresent()
            || alteredOnBranch(answer, traits, Map.of()).isPresent()
        ? pending(AskedBecause.REDEFINED, answer, traits)
        : new Decided(
            new Verdict.Holds(Proof.UNTOUCHED, "it wrote given values and read nothing of main"));
  }

  /** Why the changes do not tell of a statement whose reads are not known. */
  static AskedBecause beyondWords(Footprint.AlwaysRerun rerun) {
    return rerun.traits().userCode() ? AskedBecause.CODE : AskedBecause.BEYOND_WORDS;
  }

  private static Judgement undecided(Cause cause, String why, Tally tally) {
    return new Decided(new Verdict.Undecided(cause, why, tally.evidence()));
  }

  /** An answer whose reads are not known: any write of the branch may bear on it. */
  private Judgement pending(AskedBecause because, Answer answer, Traits traits) {
    Optional<String> altered = alteredOnBranch(answer, traits, Map.of());
    if (altered.isPresent()) {
      return undecided(Cause.DEFINED_ON_BRANCH, "on the branch, " + altered.get(), Tally.NOTHING);
    }
    return pending(
        because,
        answer,
        timeline.place(answer, table -> true),
        Tally.NOTHING,
        traits,
        contradiction -> false,
        Optional.empty(),
        seen -> prover.namedRows().changed(answer.question(), seen));
  }

  /**
   * @param own which of the branch's writes matter when it is asked again; empty when that is not
   *     known
   * @param unproven why the same answer would be no proof for one that saw this
   */
  private Judgement pending(
      AskedBecause because,
      Answer answer,
      Placement placement,
      Tally tally,
      Traits traits,
      Predicate<World.Contradiction> vouchedFor,
      Optional<WritesThatMatter> own,
      Function<Seen, Optional<String>> unproven) {
    if (traits.repeat() instanceof Repeat.Drawn(String why)) {
      return undecided(
          Cause.DRAWN_ANEW,
          "what it rests on has changed, and asking again proves nothing: " + why,
          tally);
    }
    if (!answer.result().comparable()) {
      return undecided(
          Cause.NOT_COMPARABLE,
          (answer.result().columns().isEmpty()
                  ? "which rows it was about is not kept"
                  : "its rows came in a form that can't be read")
              + ", and rows that may be among them have changed",
          tally);
    }
    if (!answer.result().complete()) {
      return undecided(
          Cause.NOT_COMPARABLE,
          "the client did not read all of it, and rows that may be among those read have changed",
          tally);
    }
    return switch (placement) {
      case Placement.Unknown(String why) -> undecided(Cause.SEEN_UNKNOWN, why, tally);
      case Placement.Known(List<Seen> alternatives) ->
          new Pending(
              because,
              alternatives,
              tally,
              traits,
              vouchedFor,
              own.filter(scope -> isOfMainAlone(traits, alternatives, scope)).isPresent(),
              alternatives.stream().flatMap(seen -> unproven.apply(seen).stream()).findFirst(),
              traps);
    };
  }

  private boolean isOfMainAlone(Traits traits, List<Seen> alternatives, WritesThatMatter own) {
    return !traits.userCode()
        && traits.writes().isEmpty()
        && traits.asker().isEmpty()
        && (traps.has(Trap.ASK_MAIN_OVER_OWN_WRITES)
            || alternatives.stream().noneMatch(seen -> seen.matters(own)));
  }

  /** Meanings, rights and rows' layouts on the branch that main may not have. */
  Optional<String> alteredOnBranch(Answer answer, Traits traits, Map<TableId, Columns> read) {
    return traps.has(Trap.SKIP_SCHEMA)
        ? Optional.empty()
        : onBranch
            .concerns(traits, read, path(answer), false)
            .map(what -> new AddedColumns(onBranch).why(traits, read).orElse(what))
            .or(() -> rights(onBranch, answer, traits))
            .or(() -> writtenInAnotherLayout(traits.relations()))
            .or(() -> passed(answer, traits));
  }

  /** What the branch had defined for a while, by which it may have been given. */
  Optional<String> passed(Answer answer, Traits traits) {
    return traps.has(Trap.SKIP_SCHEMA)
        ? Optional.empty()
        : shortLived.why(answer, traits, tables(traits));
  }

  /**
   * @param traits empty when nothing is known of the statement
   */
  boolean mayHavePassed(Answer answer, Optional<Traits> traits) {
    return traits
        .map(known -> passed(answer, known).isPresent())
        .orElseGet(() -> !traps.has(Trap.SKIP_SCHEMA) && shortLived.any(answer));
  }

  /** What is altered on main, or is lent to somebody on the branch alone: main must be asked. */
  Optional<String> alteredOnMain(Answer answer, Traits traits, Map<TableId, Columns> read) {
    return traps.has(Trap.SKIP_SCHEMA)
        ? Optional.empty()
        : onMain
            .concerns(traits, read, path(answer), true)
            .filter(ignored -> !onMain.onlyRenames(traits, read, path(answer)))
            .or(() -> onMain.privileges(traits.relations()))
            .or(() -> onBranch.privileges(traits.relations()))
            .or(() -> rights(onMain, answer, traits));
  }

  /** What main has made of a question since the fork point. */
  enum Alteration {
    /** Nothing: it means what it meant. */
    NONE,
    /** It reads the same tables, which are defined otherwise. */
    IN_PLACE,
    /** It may read other tables, or other rows for other reasons. */
    ELSEWHERE
  }

  Alteration alteration(Answer answer, Footprint footprint) {
    return switch (footprint) {
      case Footprint.Reads reads -> alteration(answer, reads.traits(), columns(reads));
      case Footprint.AlwaysRerun rerun -> alteration(answer, rerun.traits(), Map.of());
      case Footprint.OwnWrite ignored -> Alteration.NONE;
      case Footprint.NotOfData ignored -> Alteration.NONE;
      case Footprint.Unanswerable ignored -> Alteration.NONE;
    };
  }

  private Alteration alteration(Answer answer, Traits traits, Map<TableId, Columns> read) {
    if (alteredOnMain(answer, traits, read).isEmpty()) {
      return Alteration.NONE;
    }
    boolean sameEyes =
        onMain.privileges(traits.relations()).isEmpty() && rights(onMain, answer, traits).isEmpty();
    return sameEyes && onMain.readsInPlace(traits, path(answer))
        ? Alteration.IN_PLACE
        : Alteration.ELSEWHERE;
  }

  /** Who sees other rows now, by whatever membership, ownership or attribute. */
  private Optional<String> rights(SchemaDrift drift, Answer answer, Traits traits) {
    return traps.has(Trap.SKIP_RIGHTS)
        ? Optional.empty()
        : drift.rights(eyes(answer), traits.relations());
  }

  /** Rows of the branch that can't be laid over those of main. */
  private Optional<String> writtenInAnotherLayout(Set<TableId> relations) {
    return writtenAnew.isEmpty()
        ? Optional.empty()
        : SchemaDrift.descendants(history.atFork(), relations).stream()
            .map(writtenAnew::get)
            .filter(Objects::nonNull)
            .findFirst()
            .map(name -> name + " was altered and written to");
  }

  /** Tables of the fork point that units wrote to in another layout, with their names then. */
  private static Map<TableId, String> writtenAnew(BranchHistory history) {
    Map<TableId, String> written = new HashMap<>();
    Set<TableShape> same = new HashSet<>();
    for (Unit unit : history.units()) {
      for (TableShape shape : unit.shapes()) {
        SchemaSnapshot.Relation atFork = history.atFork().relations().get(shape.id());
        if (atFork != null && same.add(shape) && !layout(atFork.shape()).equals(layout(shape))) {
          written.putIfAbsent(shape.id(), shape.qualifiedName());
        }
      }
    }
    return written;
  }

  private static List<String> layout(TableShape shape) {
    return shape.columns().stream()
        .map(column -> column.number() + " " + column.name() + " " + column.typeOid())
        .toList();
  }

  /** The columns that the mentions of each table read together. */
  static Map<TableId, Columns> columns(Footprint.Reads reads) {
    Map<TableId, Columns> read = new HashMap<>();
    reads
        .occurrences()
        .forEach(
            occurrence -> read.merge(occurrence.table(), occurrence.columns(), Columns::together));
    return read;
  }

  /** Where its names were looked up. */
  SearchPath path(Answer answer) {
    return SearchPath.of(answer.question(), eyes(answer));
  }

  /** The roles with whose eyes a question looks, before views and functions lend it others. */
  private Set<String> eyes(Answer answer) {
    String role = answer.question().settings().getOrDefault("role", "none");
    return role.equals("none") ? Set.of(actsAs) : Set.copyOf(List.of(actsAs, role));
  }

  /**
   * A table that main has made a partition of one of them since is read too when the question is
   * asked again.
   */
  Set<TableId> tables(Traits traits) {
    return families.computeIfAbsent(traits.relations(), this::withDescendants);
  }

  private Set<TableId> withDescendants(Set<TableId> relations) {
    Set<TableId> tables = new HashSet<>(SchemaDrift.descendants(history.atFork(), relations));
    tables.addAll(SchemaDrift.descendants(onMain.now(), relations));
    return Set.copyOf(tables);
  }

  private Judgement judge(Answer answer, Footprint.Reads reads) {
    Traits traits = reads.traits();
    Set<TableId> tables = tables(traits);
    Map<TableId, Columns> read = columns(reads);
    Optional<String> altered = alteredOnBranch(answer, traits, read);
    if (altered.isPresent()) {
      return undecided(Cause.DEFINED_ON_BRANCH, "on the branch, " + altered.get(), Tally.NOTHING);
    }
    Optional<String> unlogged = unlogged(tables);
    if (unlogged.isPresent()) {
      return undecided(Cause.NOT_IN_LOG, unlogged.get(), Tally.NOTHING);
    }
    if (alteredOnMain(answer, traits, read).isPresent()) {
      // Layouts may differ, so rows can't be matched; and contradictions in what it reads can't be
      // ruled out.
      return pending(
          AskedBecause.REDEFINED,
          answer,
          timeline.place(answer, tables::contains),
          Tally.NOTHING,
          traits,
          contradiction -> !tables.contains(contradiction.table()),
          Optional.empty(),
          seen -> prover.namedRows().changed(answer.question(), seen));
    }
    return switch (timeline.place(answer, whatProofsLookAt(tables))) {
      case Placement.Unknown(String why) -> undecided(Cause.SEEN_UNKNOWN, why, Tally.NOTHING);
      case Placement.Known(List<Seen> alternatives) -> judge(answer, reads, tables, alternatives);
    };
  }

  /** Rows that main left alone are the same to a proof, whoever on the branch had written them. */
  WritesThatMatter whatProofsLookAt(Set<TableId> tables) {
    return new WritesThatMatter() {
      @Override
      public boolean reads(TableId table) {
        return tables.contains(table);
      }

      @Override
      public boolean bears(Unit unit) {
        return prover.bears(tables, timeline.past(), unit);
      }
    };
  }

  /**
   * Asked again, an answer depends on all rows that it reads: those that a unit wrote may be among
   * them, or may come to be under what main did to the same row.
   */
  private WritesThatMatter whatAskingAgainLooksAt(
      Answer answer, Footprint.Reads footprint, Set<TableId> tables) {
    return new WritesThatMatter() {
      @Override
      public boolean reads(TableId table) {
        return tables.contains(table);
      }

      @Override
      public boolean bears(Unit unit) {
        return prover.bears(tables, timeline.past(), unit)
            || reading.mayMatch(footprint, answer.question().parameters(), unit);
      }
    };
  }

  /**
   * Main alone has not what a unit wrote. That is out of sight where main has the fork's rows of
   * those, and none of them, before or after, may be among the rows that are read: so a row that
   * the unit hid or showed is seen neither on main alone nor with the unit laid over.
   */
  private WritesThatMatter whatMainAloneLacks(
      Answer answer, Footprint.Reads footprint, Set<TableId> tables) {
    return new WritesThatMatter() {
      @Override
      public boolean reads(TableId table) {
        return tables.contains(table);
      }

      @Override
      public boolean bears(Unit unit) {
        return !prover.isApart(tables, timeline.past(), unit)
            || reading.mayMatch(footprint, answer.question().parameters(), unit);
      }
    };
  }

  private Judgement judge(
      Answer answer, Footprint.Reads reads, Set<TableId> tables, List<Seen> alternatives) {
    RowMatcher matcher = new RowMatcher(answer.question().parameters(), traps);
    Tally tally = Tally.NOTHING;
    boolean timeDependent = reads.traits().timeDependent().isPresent() || namesMoment(answer);
    boolean open = timeDependent && !traps.has(Trap.TRUST_TIME);
    Proof proof = Proof.UNTOUCHED;
    String reason = "";
    Optional<AskedBecause> because =
        timeDependent ? Optional.of(AskedBecause.CLOCK) : Optional.empty();
    Set<TableId> unexamined = new HashSet<>();
    List<Optional<Movement>> movements = new ArrayList<>();
    Optional<String> unproven =
        alternatives.stream()
            .flatMap(seen -> prover.namedRows().changed(reads, matcher, seen).stream())
            .findFirst();
    for (Seen seen : alternatives) {
      switch (prover.prove(reads, matcher, seen)) {
        case Finding.Contradicted contradicted -> {
          return undecided(Cause.BOTH_CHANGED, contradicted.why(), contradicted.tally());
        }
        case Finding.Open found -> {
          open = true;
          because = because.isEmpty() ? Optional.of(found.because()) : because;
          tally = tally.isEmpty() ? found.tally() : tally;
          unexamined.addAll(found.unexamined());
          movements.add(found.movement());
        }
        case Finding.Proven proven -> {
          movements.add(Optional.empty());
          reason = proof.compareTo(proven.proof()) <= 0 ? proven.reason() : reason;
          proof = proof.compareTo(proven.proof()) < 0 ? proven.proof() : proof;
        }
      }
    }
    Optional<Verdict> byRule =
        timeDependent || unproven.isPresent()
            ? Optional.empty()
            : ByRule.verdict(answer, reads, movements, tally, traps);
    if (open && byRule.isPresent()) {
      return new Decided(byRule.get());
    }
    return open || unproven.isPresent()
        ? pending(
            because.orElse(AskedBecause.RENUMBERED),
            answer,
            timeline.place(answer, whatAskingAgainLooksAt(answer, reads, tables)),
            tally,
            reads.traits(),
            contradiction ->
                !tables.contains(contradiction.table())
                    || isHarmless(contradiction, unexamined, alternatives),
            Optional.of(whatMainAloneLacks(answer, reads, tables)),
            seen -> unproven)
        : new Decided(new Verdict.Holds(proof, reason));
  }

  /**
   * Whether all that has changed for an answer is work of its own branch that has landed since: to
   * whoever had both, the answer and the work, nothing is new.
   */
  boolean rowsChangedByOwnWorkAlone(Answer answer, Footprint footprint) {
    if (!(footprint instanceof Footprint.Reads reads)
        || !answer.result().comparable()
        || timeline.past().landed().units().isEmpty()) {
      return false;
    }
    return isAsOwnWorkLanded(answer, reads);
  }

  /** The same of all that is read. */
  boolean isAsOwnWorkLanded(Answer answer, Footprint.Reads reads) {
    Set<TableId> tables = tables(reads.traits());
    return isAsItLanded(answer, reads, seen -> seen.andWhatHasLanded(tables));
  }

  /**
   * Whether nothing is new in what is read but some of the work of its own branch that has landed.
   *
   * @param with the same, seen with that work
   */
  boolean isAsItLanded(Answer answer, Footprint.Reads reads, UnaryOperator<Seen> with) {
    if (reads.traits().timeDependent().isPresent() || namesMoment(answer)) {
      return false;
    }
    Set<TableId> tables = tables(reads.traits());
    Map<TableId, Columns> read = columns(reads);
    if (alteredOnBranch(answer, reads.traits(), read).isPresent()
        || alteredOnMain(answer, reads.traits(), read).isPresent()
        || unlogged(tables).isPresent()) {
      return false;
    }
    RowMatcher matcher = new RowMatcher(answer.question().parameters(), traps);
    return switch (timeline.place(answer, whatProofsLookAt(tables))) {
      case Placement.Unknown ignored -> false;
      case Placement.Known(List<Seen> alternatives) ->
          alternatives.stream()
              .allMatch(seen -> {
                Seen later = with.apply(seen);
                return traps.has(Trap.ALL_IS_OWN_WORK)
                    || (prover.proveAsTheBranchCalls(reads, matcher, later, new OwnRows.None())
                            instanceof Finding.Proven
                        && prover.namedRows().areAsTheyLanded(tables, seen, later));
              });
    };
  }

  /** Whether it is one of those that the proofs have looked at, and found that they do not bear. */
  private boolean isHarmless(
      World.Contradiction contradiction, Set<TableId> unexamined, List<Seen> alternatives) {
    if (unexamined.contains(contradiction.table())) {
      return false;
    }
    return traps.has(Trap.VOUCH_FOR_UNAPPLIED)
        || contradiction
            .key()
            .filter(key ->
                alternatives.stream()
                    .allMatch(seen -> prover.contradicts(contradiction.table(), key, seen)))
            .isPresent();
  }

  /** A parameter such as 'today' is a moment only once it is read as a date. */
  static boolean namesMoment(Answer answer) {
    return answer.question().parameters().stream()
        .anyMatch(parameter -> parameter.text().filter(Judge::namesMoment).isPresent());
  }

  /** A range, a row and an array may have such words in them, however long they are. */
  private static boolean namesMoment(String text) {
    boolean compound = !text.isEmpty() && "[({".indexOf(text.charAt(0)) >= 0;
    return (compound || text.length() <= LONGEST_MOMENT) && MOMENT_WORD.matcher(text).find();
  }

  private Optional<String> unlogged(Set<TableId> tables) {
    return tables.stream()
        .map(table -> history.atFork().relations().get(table))
        .filter(relation -> relation != null && relation.persistence() != 'p')
        .map(relation ->
            relation.shape().qualifiedName() + " is not logged, so its changes can't be followed")
        .findFirst();
  }
}
