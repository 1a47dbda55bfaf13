package dev.anabranch.promote.sync;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.OwnWrites;
import dev.anabranch.ledger.Told;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.predicate.CheckReport.Judged;
import dev.anabranch.predicate.verdict.Verdict;
import dev.anabranch.promote.Outlook;
import dev.anabranch.promote.fact.Decided;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.promote.merge.MergedCell;
import dev.anabranch.promote.plan.NextNames;
import dev.anabranch.promote.plan.Provenance;
import dev.anabranch.promote.plan.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What of a branch comes along when it moves onto main as it is now: its units, and the answers
 * that hold there. Pure.
 *
 * <p>An answer that comes along is taken for one that was given at the new fork point. So it must
 * be what it would be there, with the units that come along before it: it holds as of that
 * position, it saw nothing of work that stays behind, the clock has no part in it, and no row that
 * it saw is called otherwise there. Whatever is in doubt stays behind; work that rests on it comes
 * along only where a person has accepted that.
 */
final class Cargo {

  /** As many lost premises as a sentence names. */
  private static final int NAMED = 5;

  private static final long LOW_32_BITS = 0xFFFF_FFFFL;

  /** Reasons that are about the work, and no loss where that rests on nothing of main. */
  private static final Set<LeftBehind> OF_WORK =
      EnumSet.of(
          LeftBehind.OF_OTHER_NUMBER,
          LeftBehind.WITH_ITS_TRANSACTION,
          LeftBehind.OF_LANDED,
          LeftBehind.BEFORE_LANDED,
          LeftBehind.OF_DROPPED);

  private final Outlook outlook;
  private final Provenance provenance;
  private final List<Answer> answers;
  private final List<Ending> endings;
  private final List<Unit> units;
  private final Map<Long, Ending> owners = new HashMap<>();
  private final Map<Long, LeftBehind> left = new LinkedHashMap<>();

  private record Run(UUID session, long transaction) {
    static Run of(Answer answer) {
      return new Run(answer.session(), answer.transaction());
    }

    static Run of(Ending ending) {
      return new Run(ending.session(), ending.transaction());
    }
  }

  /**
   * @param outlook of which nothing is held
   * @param answers of the branch's ledger
   * @param endings of the branch's ledger
   * @throws AnabranchException SYNC_REFUSED
   */
  Cargo(Outlook outlook, List<Answer> answers, List<Ending> endings) {
    this.outlook = outlook;
    this.provenance = outlook.inspection().provenance();
    this.answers = List.copyOf(answers);
    this.endings = List.copyOf(endings);
    Set<Long> landing = new HashSet<>(outlook.plan().landing());
    this.units =
        outlook.inspection().units().stream().filter(unit -> landing.contains(unit.id())).toList();
    requireKnownOwners();
    units.forEach(this::requireReplayable);
    leaveBehind();
  }

  /** What a sync can't do, whatever is decided. */
  static void requirePossible(Outlook outlook) {
    if (outlook.inspection().branch().parent().isPresent()) {
      throw refused(outlook, "it was started from another branch");
    }
    if (!outlook.landed().renumbered().isEmpty()) {
      throw refused(
          outlook,
          "rows that it has landed have other numbers on main than on the branch; promote the rest"
              + " and reset it");
    }
    for (Fact fact : outlook.plan().facts()) {
      Optional<String> choice = fact.decided().map(Decided::choice);
      if (choice.filter(word -> !Set.of("accept", "drop", "branch").contains(word)).isPresent()) {
        throw refused(
            outlook,
            "fact "
                + fact.id()
                + " is decided by '"
                + choice.get()
                + "', and a sync knows accept, drop and branch alone");
      }
    }
    Optional<MergedCell> merged =
        outlook.plan().merged().stream()
            .filter(cell -> !cell.main().equals(cell.base()))
            .findFirst();
    if (merged.isPresent()) {
      throw refused(
          outlook,
          "column "
              + merged.get().column()
              + " of "
              + merged.get().table()
              + " combines, and main and the branch have both changed it; promote that first");
    }
  }

  static AnabranchException refused(Outlook outlook, String why) {
    return new AnabranchException(
        ErrorCode.SYNC_REFUSED, outlook.inspection().branch().name(), why);
  }

  AnabranchException refused(String why) {
    return refused(outlook, why);
  }

  Outlook outlook() {
    return outlook;
  }

  /** The units that come along, in commit order. */
  List<Unit> units() {
    return units;
  }

  List<Ending> endings() {
    return endings;
  }

  /** Whose transaction a unit was. */
  Ending owner(Unit unit) {
    return Optional.ofNullable(owners.get(unit.id())).orElseThrow();
  }

  /** The answers that come along. */
  List<Answer> carried() {
    return answers.stream().filter(answer -> !left.containsKey(answer.id())).toList();
  }

  /** Those that do not, by their ids. */
  Map<Long, LeftBehind> left() {
    return left;
  }

  private void requireKnownOwners() {
    for (Unit unit : units) {
      owners.put(
          unit.id(),
          provenance
              .owner(unit.id())
              .orElseThrow(() ->
                  refused("it is not known in which session unit " + unit.id() + " was made")));
    }
    if (new HashSet<>(owners.values().stream().map(Run::of).toList()).size() != owners.size()) {
      throw refused("it is not known which of its units was made in which transaction");
    }
  }

  private void requireReplayable(Unit unit) {
    Map<TableId, TableShape> shapes = new HashMap<>();
    unit.shapes().forEach(shape -> shapes.put(shape.id(), shape));
    for (Write write : unit.writes()) {
      TableShape shape = shapes.get(write.table());
      String name = shape == null ? "?" : shape.qualifiedName();
      if (shape == null || !write.isWhole()) {
        throw refused("what rows of table " + name + " were before it wrote them is not known");
      }
      if (write instanceof Write.Truncate) {
        throw refused("table " + name + " was truncated on it");
      }
      if (!shape.hasKey() && !(write instanceof Write.Insert)) {
        throw refused(
            "rows of table " + name + " were changed or removed on it, and the table has no key");
      }
    }
  }

  private void leaveBehind() {
    Map<Long, Judged> judged = new HashMap<>();
    outlook
        .inspection()
        .report()
        .verdicts()
        .forEach(verdict -> judged.put(verdict.answer().id(), verdict));
    Set<Long> premises = new HashSet<>(provenance.premises());
    Map<Run, Ending> ends = new HashMap<>();
    endings.forEach(ending -> ends.put(Run.of(ending), ending));
    Set<Run> carriedRuns = new HashSet<>();
    owners.values().forEach(owner -> carriedRuns.add(Run.of(owner)));
    Map<Run, LeftBehind> goneRuns = goneRuns();
    Set<Long> sawDropped = sawDropped();
    long lastJudged = lastJudged();
    for (Answer answer : answers) {
      Run run = Run.of(answer);
      boolean endUnknown = hasNoKnownEnd(ends.get(run)) && !carriedRuns.contains(run);
      Optional<LeftBehind> gone =
          Optional.ofNullable(goneRuns.get(run))
              .or(() ->
                  when(
                      endUnknown || !ownWritesCome(answer, carriedRuns),
                      LeftBehind.OF_OTHER_WRITES));
      Optional<LeftBehind> told =
          verdictOf(answer, Optional.ofNullable(judged.get(answer.id())), premises, lastJudged);
      Optional<LeftBehind> why =
          told.filter(reason -> reason != LeftBehind.NOT_OF_DATA || gone.isEmpty())
              .or(() -> gone)
              .or(() -> when(isBeforeLanded(answer), LeftBehind.BEFORE_LANDED))
              .or(() -> when(sawDropped.contains(answer.id()), LeftBehind.OF_DROPPED));
      why.ifPresent(reason -> left.put(answer.id(), reason));
    }
    keepTransactionsWhole();
  }

  /**
   * A transaction is judged, merged and executed again by all of its statements. So they come along
   * together, with those that are not about data, or none of them does.
   */
  private void keepTransactionsWhole() {
    Map<Run, List<Answer>> byRun = new LinkedHashMap<>();
    answers.forEach(
        answer -> byRun.computeIfAbsent(Run.of(answer), ignored -> new ArrayList<>()).add(answer));
    for (List<Answer> run : byRun.values()) {
      boolean someStay =
          run.stream()
              .map(answer -> left.get(answer.id()))
              .anyMatch(why -> why != null && why != LeftBehind.NOT_OF_DATA);
      boolean someCome = run.stream().anyMatch(answer -> !left.containsKey(answer.id()));
      for (Answer answer : run) {
        if (someStay) {
          left.putIfAbsent(answer.id(), LeftBehind.WITH_ITS_TRANSACTION);
        } else if (someCome) {
          left.remove(answer.id());
        }
      }
    }
  }

  private long lastJudged() {
    return outlook.inspection().report().verdicts().stream()
        .mapToLong(judged -> judged.answer().id())
        .max()
        .orElse(Long.MIN_VALUE);
  }

  private static Optional<LeftBehind> when(boolean is, LeftBehind why) {
    return is ? Optional.of(why) : Optional.empty();
  }

  private Optional<LeftBehind> verdictOf(
      Answer answer, Optional<Judged> judged, Set<Long> premises, long lastJudged) {
    if (answer.withheld().isPresent()) {
      return Optional.of(LeftBehind.WITHHELD);
    }
    if (judged.isEmpty()) {
      boolean looksUp = answer.id() < lastJudged && !premises.contains(answer.id());
      return Optional.of(looksUp ? LeftBehind.NOT_OF_DATA : LeftBehind.NOT_JUDGED);
    }
    if (!premises.contains(answer.id())) {
      return Optional.of(LeftBehind.NOT_OF_DATA);
    }
    return switch (judged.get().verdict()) {
      case Verdict.Changed ignored -> Optional.of(LeftBehind.CHANGED);
      case Verdict.Undecided ignored -> Optional.of(LeftBehind.UNDECIDED);
      case Verdict.Holds ignored -> {
        boolean moves = judged.get().nextFlip().isPresent() && !provenance.isGiven(answer.id());
        yield when(moves || !provenance.isTimeless(answer.id()), LeftBehind.BY_CLOCK);
      }
    };
  }

  /** The transactions whose units do not come along. */
  private Map<Run, LeftBehind> goneRuns() {
    Map<Run, LeftBehind> gone = new HashMap<>();
    Set<Long> dropped = new HashSet<>(outlook.plan().dropped());
    for (Unit unit : outlook.inspection().units()) {
      boolean landed = outlook.landed().units().contains(unit.id());
      if (landed || dropped.contains(unit.id())) {
        provenance
            .owner(unit.id())
            .ifPresent(owner ->
                gone.put(Run.of(owner), landed ? LeftBehind.OF_LANDED : LeftBehind.OF_DROPPED));
      }
    }
    return gone;
  }

  private Set<Long> sawDropped() {
    Set<Long> dropped = new HashSet<>(outlook.plan().dropped());
    BitSet all = new BitSet();
    all.set(0, provenance.premises().size());
    BitSet saw = new BitSet();
    outlook.inspection().units().stream()
        .filter(unit -> dropped.contains(unit.id()))
        .forEach(unit -> saw.or(provenance.mayHaveRead(all, unit)));
    return idsOf(saw);
  }

  /** Whether the writes of its own transaction that it saw are those of a unit that comes along. */
  private boolean ownWritesCome(Answer answer, Set<Run> carriedRuns) {
    return switch (answer.ownWrites()) {
      case OwnWrites.None ignored -> true;
      case OwnWrites.Unknown ignored -> carriedRuns.contains(Run.of(answer));
      case OwnWrites.UpTo(long id, var ignored) ->
          units.stream()
              .anyMatch(unit ->
                  unit.transactionId() == (id & LOW_32_BITS)
                      && Run.of(owner(unit)).equals(Run.of(answer)));
    };
  }

  private static boolean hasNoKnownEnd(@Nullable Ending ending) {
    return ending != null && ending.kind() == Ending.Kind.UNKNOWN;
  }

  /** What of the branch is on main is beneath everything from now on. */
  private boolean isBeforeLanded(Answer answer) {
    for (Unit unit : outlook.inspection().units()) {
      if (outlook.landed().units().contains(unit.id())) {
        Optional<Ending> owner = provenance.owner(unit.id());
        if (owner.isEmpty()
            || Math.min(answer.transactionBegan(), answer.span().begin())
                <= owner.get().span().end()) {
          return true;
        }
      }
    }
    return false;
  }

  private Set<Long> idsOf(BitSet places) {
    Set<Long> ids = new HashSet<>();
    places.stream().forEach(place -> ids.add(provenance.premises().get(place)));
    return ids;
  }

  /** Leaves behind what nobody can vouch for at the next fork point. */
  void leaveUnknown(Set<Long> answers) {
    answers.forEach(answer -> left.putIfAbsent(answer, LeftBehind.OF_UNKNOWN_READS));
    keepTransactionsWhole();
  }

  /** Leaves behind what saw rows that are called otherwise where the branch goes. */
  void leave(NextNames names) {
    if (names.areSame()) {
      return;
    }
    BitSet all = new BitSet();
    all.set(0, provenance.premises().size());
    Set<Long> saw = new HashSet<>();
    Set<Run> runs = new HashSet<>();
    for (Unit unit : units) {
      Map<TableId, TableShape> shapes = new HashMap<>();
      unit.shapes().forEach(shape -> shapes.put(shape.id(), shape));
      for (Write write : unit.writes()) {
        Set<Integer> columns =
            names.columns(Optional.ofNullable(shapes.get(write.table())).orElseThrow(), write);
        if (!columns.isEmpty()) {
          saw.addAll(idsOf(provenance.mayHaveSeen(all, unit.with(List.of(write)), columns)));
          runs.add(Run.of(owner(unit)));
        }
      }
    }
    for (Answer answer : answers) {
      boolean wroteIt = runs.contains(Run.of(answer)) && answer.told() == Told.EFFECT;
      if (wroteIt || saw.contains(answer.id())) {
        left.putIfAbsent(answer.id(), LeftBehind.OF_OTHER_NUMBER);
      }
    }
    keepTransactionsWhole();
  }

  /**
   * Work rests on what comes along, or on what a person has accepted, or on nothing of main.
   *
   * @return the answers that were accepted so
   * @throws AnabranchException SYNC_REFUSED when a premise would be lost without a word
   */
  Set<Long> requirePremises(Duration gap) {
    Set<Long> accepted = new TreeSet<>();
    Map<Long, Unit> lost = new TreeMap<>();
    for (Unit unit : units) {
      for (long answer : idsOf(provenance.restsOn(unit.id()))) {
        Optional<LeftBehind> why = Optional.ofNullable(left.get(answer));
        if (why.isPresent() && !(provenance.isGiven(answer) && OF_WORK.contains(why.get()))) {
          if (outlook.plan().accepted().contains(answer)) {
            accepted.add(answer);
          } else {
            lost.putIfAbsent(answer, unit);
          }
        }
      }
    }
    if (!lost.isEmpty()) {
      throw refused(words(lost));
    }
    requireSameTasks(gap);
    return accepted;
  }

  private String words(Map<Long, Unit> lost) {
    String answers =
        lost.entrySet().stream()
            .limit(NAMED)
            .map(entry ->
                "unit "
                    + entry.getValue().id()
                    + " rests on answer "
                    + entry.getKey()
                    + ", which would stay behind ("
                    + Optional.ofNullable(left.get(entry.getKey())).orElseThrow().words()
                    + ")")
            .collect(Collectors.joining("; "));
    return answers
        + (lost.size() > NAMED ? "; and so on for " + (lost.size() - NAMED) + " more answers" : "")
        + "; accept that with --accept "
        + lost.keySet().stream().map(String::valueOf).collect(Collectors.joining(" "))
        + ", or promote that work first";
  }

  /** What stays behind may have been what told that others belong together. */
  private void requireSameTasks(Duration gap) {
    Set<Long> premises = new HashSet<>(provenance.premises());
    Tasks next =
        new Tasks(
            carried(),
            answer -> premises.contains(answer.id()),
            endings,
            outlook.inspection().branch().taskBy(),
            gap,
            Traps.NONE);
    for (Unit unit : units) {
      Set<Long> before = idsOf(provenance.restsOn(unit.id()));
      before.removeAll(left.keySet());
      next.before(owner(unit)).stream()
          .forEach(place -> before.remove(next.answers().get(place).id()));
      if (!before.isEmpty()) {
        throw refused(
            "without the answers that stay behind nobody could tell that unit "
                + unit.id()
                + " rests on answer "
                + new TreeSet<>(before).first()
                + "; promote the unit first");
      }
    }
  }
}
