package dev.anabranch.trials.oracle;

import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Profile;
import dev.anabranch.trials.drive.Sessions;
import dev.anabranch.trials.drive.Sql;
import dev.anabranch.trials.drive.Step;
import dev.anabranch.trials.drive.Verdicts;
import dev.anabranch.trials.oracle.Snapshot.Contents;
import dev.anabranch.trials.oracle.Snapshot.Shape;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.postgresql.util.PSQLState;

/**
 * One scenario told to a running server, and every verdict of its check judged by brute force.
 *
 * <p>Main is touched by nobody else meanwhile: brute force asks main as it was when the check ran.
 */
final class Round {

  /**
   * A wrong verdict.
   *
   * @param label the answer's label in the scenario
   */
  record Wrong(String label, String report) {}

  private final World world;
  private final String name;
  private final String schema;
  private final Scenario scenario;
  private final Tally tally = new Tally();
  private final List<Wrong> falseHolds = new ArrayList<>();
  private final List<Wrong> falseRows = new ArrayList<>();

  private final List<Asked> asked = new ArrayList<>();
  private final List<Snapshot> states = new ArrayList<>();
  private final List<Rebase.History> histories = new ArrayList<>();
  private final Map<String, Snapshot> forks = new HashMap<>();
  private final Set<Rebase.Touched> history = new HashSet<>();

  /** By session, what its open transaction has touched: nobody else sees that. */
  private final Map<String, Set<Rebase.Touched>> open = new HashMap<>();

  private final Set<Rebase.Renamed> renamed = new HashSet<>();
  private final Map<String, Integer> stateOfSession = new HashMap<>();
  private List<Shape> forkShapes = List.of();

  Round(World world, String name, Scenario scenario) {
    this.world = world;
    this.name = name;
    this.schema = name.replace('-', '_');
    this.scenario = scenario;
  }

  /**
   * Tells the scenario and judges it; whatever happens, main and the server are left as they were.
   */
  Tally run() throws SQLException {
    tell(this::judge);
    return tally;
  }

  /** What is done with a scenario that has been told. */
  @FunctionalInterface
  interface Judging {
    void judge(Connection main) throws SQLException;
  }

  /**
   * Tells the scenario once and judges a check of it as often as wanted.
   *
   * @param checks each is run before a check, and changes what is checked with
   * @return the labels of the false holds of each check
   */
  List<Set<String>> runEach(List<Runnable> checks) throws SQLException {
    List<Set<String>> found = new ArrayList<>();
    tell(main -> {
      for (Runnable check : checks) {
        falseHolds.clear();
        check.run();
        judge(main);
        found.add(falseHolds.stream().map(Wrong::label).collect(Collectors.toSet()));
      }
    });
    return found;
  }

  private void tell(Judging judging) throws SQLException {
    try {
      try (Connection main = world.main().connect()) {
        Sql.run(main, "CREATE SCHEMA " + schema);
        Sql.run(main, "SET search_path = " + schema);
        tryAll(main, scenario.base());
        readForks(main);
        Address branch = world.fork(name);
        try (Sessions sessions = new Sessions(branch, this::profile)) {
          play(sessions);
        }
        // A check on the way leaves something that the judged one goes on from.
        int half = scenario.main().size() / 2;
        tryAll(main, scenario.main().subList(0, half));
        world.check(name);
        tryAll(main, scenario.main().subList(half, scenario.main().size()));
        judging.judge(main);
      }
    } finally {
      cleanUp();
    }
  }

  List<Wrong> falseHolds() {
    return List.copyOf(falseHolds);
  }

  /**
   * False holds first, then changed answers whose new rows are not those that brute force gives.
   */
  List<Wrong> wrongs() {
    List<Wrong> wrongs = new ArrayList<>(falseHolds);
    wrongs.addAll(falseRows);
    return wrongs;
  }

  private Profile profile(String session) {
    return Scenarios.profile(session, schema);
  }

  private void cleanUp() throws SQLException {
    try (Connection main = world.main().connect()) {
      Sql.run(main, "DROP SCHEMA IF EXISTS " + schema + " CASCADE");
    }
    world.forget(name);
  }

  /** Sends each statement; one that main refuses is left out, as a random statement may be. */
  private static void tryAll(Connection main, List<String> statements) throws SQLException {
    for (String sql : statements) {
      try {
        Sql.run(main, sql);
      } catch (SQLException e) {
        requireAlive(e);
        Sql.run(main, "ROLLBACK");
      }
    }
  }

  private void readForks(Connection main) throws SQLException {
    forkShapes = Snapshot.shapes(main, schema);
    for (String session : Scenarios.SESSIONS) {
      main.setAutoCommit(false);
      profile(session).apply(main, true);
      forks.put(session, Snapshot.read(main, forkShapes));
      main.rollback();
      main.setAutoCommit(true);
    }
  }

  private void play(Sessions sessions) throws SQLException {
    for (Step step : scenario.steps()) {
      switch (step) {
        case Step.Act act -> act(sessions, act);
        case Step.Ask ask -> ask(sessions, ask);
      }
    }
  }

  /** As {@link Writes} gives rows other keys. */
  private static final Pattern RENAME = Pattern.compile("UPDATE \\S+ a SET id = (id \\+ |-id).*");

  private void act(Sessions sessions, Step.Act act) throws SQLException {
    boolean renames = RENAME.matcher(act.sql()).matches();
    Snapshot before = renames ? states.get(state(sessions, act.session())) : new Snapshot(Map.of());
    stateOfSession.clear();
    try {
      sessions.act(act);
    } catch (SQLException e) {
      requireAlive(e);
      Sql.run(sessions.connection(act.session()), "ROLLBACK");
      open.remove(act.session());
      return;
    }
    ended(act);
    int after = state(sessions, act.session());
    if (renames) {
      before
          .tables()
          .forEach((table, contents) ->
              Optional.ofNullable(states.get(after).tables().get(table))
                  .ifPresent(
                      now -> renamed.addAll(Rebase.renamed(contents, now, Round::isRename))));
      histories.set(after, new Rebase.History(historyOf(act.session()), renamed));
    }
  }

  private void ended(Step.Act act) {
    if (act.sql().startsWith("COMMIT")) {
      history.addAll(open.getOrDefault(act.session(), Set.of()));
      open.remove(act.session());
    } else if (act.sql().equals("ROLLBACK")) {
      open.remove(act.session());
    }
  }

  /** All parts of the key are the same but for numbers, which are others by much. */
  private static boolean isRename(List<String> from, List<String> to) {
    for (int i = 0; i < from.size(); i++) {
      boolean number = from.get(i).matches("-?\\d+") && to.get(i).matches("-?\\d+");
      if (!from.get(i).equals(to.get(i)) && !number) {
        return false;
      }
    }
    return true;
  }

  private void ask(Sessions sessions, Step.Ask ask) throws SQLException {
    int state = state(sessions, ask.session());
    try {
      Query.Legal legal = scenario.legal().getOrDefault(ask.label(), new Query.Legal.Bag());
      asked.add(new Asked(ask, legal, sessions.ask(ask), state));
    } catch (SQLException e) {
      requireAlive(e);
      Sql.run(sessions.connection(ask.session()), "ROLLBACK");
      open.remove(ask.session());
      stateOfSession.clear();
    }
    if (ask.sql().contains("RETURNING")) {
      stateOfSession.clear();
      state(sessions, ask.session());
    }
  }

  private static void requireAlive(SQLException e) throws SQLException {
    if (PSQLState.isConnectionError(e.getSQLState())) {
      throw e;
    }
  }

  /** The number of the state that a session sees now; reading it is no question of the branch. */
  private int state(Sessions sessions, String session) throws SQLException {
    Integer known = stateOfSession.get(session);
    if (known != null) {
      return known;
    }
    Connection connection = sessions.connection(session);
    Sql.run(connection, "SET anabranch.capture = 'off'");
    Snapshot snapshot = Snapshot.read(connection, forkShapes);
    Sql.run(connection, "SET anabranch.capture = 'on'");
    Snapshot fork = fork(session);
    boolean isOpen =
        connection.unwrap(BaseConnection.class).getTransactionState() != TransactionState.IDLE;
    Set<Rebase.Touched> touched =
        isOpen ? open.computeIfAbsent(session, _ -> new HashSet<>()) : history;
    snapshot
        .tables()
        .forEach((table, contents) -> {
          Contents atFork = fork.tables().get(table);
          if (atFork != null) {
            touched.addAll(Rebase.touched(atFork, contents));
          }
        });
    states.add(snapshot);
    histories.add(new Rebase.History(historyOf(session), renamed));
    stateOfSession.put(session, states.size() - 1);
    return states.size() - 1;
  }

  private Set<Rebase.Touched> historyOf(String session) {
    Set<Rebase.Touched> all = new HashSet<>(history);
    all.addAll(open.getOrDefault(session, Set.of()));
    return all;
  }

  private Snapshot fork(String session) {
    Snapshot fork = forks.get(session);
    if (fork == null) {
      throw new IllegalStateException("no session " + session);
    }
    return fork;
  }

  private void judge(Connection main) throws SQLException {
    long start = System.nanoTime();
    Verdicts verdicts = world.check(name);
    long checked = System.nanoTime();
    Map<String, List<Asked>> groups = new LinkedHashMap<>();
    for (Asked question : asked) {
      groups
          .computeIfAbsent(
              question.ask().session() + " " + question.state(), ignored -> new ArrayList<>())
          .add(question);
    }
    BruteForce bruteForce = new BruteForce(main, schema);
    for (List<Asked> group : groups.values()) {
      Asked first = group.getFirst();
      List<BruteForce.Answered> answered =
          bruteForce.ask(
              profile(first.ask().session()),
              fork(first.ask().session()),
              states.get(first.state()),
              histories.get(first.state()),
              group);
      for (int i = 0; i < group.size(); i++) {
        judge(group.get(i), answered.get(i), verdicts);
      }
    }
    tally.round((checked - start) / 1e9, (System.nanoTime() - checked) / 1e9);
  }

  private void judge(Asked question, BruteForce.Answered answered, Verdicts verdicts) {
    List<Verdicts.Entry> entries = verdicts.labelled(question.ask().label());
    if (entries.size() != 1) {
      tally.defect(question.ask().labelled() + " is in the report " + entries.size() + " times");
      return;
    }
    Verdicts.Entry entry = entries.getFirst();
    if (entry.was() != null
        && !Judge.sameBag(question.got().types(), question.got().rows(), entry.was())) {
      tally.defect(
          "the report says it was " + entry.was() + ": " + describe(question, answered, entry));
    }
    boolean right = answered.outcomes().stream().allMatch(outcome -> right(question, outcome));
    tally.verdict(entry.verdict(), entry.proof());
    switch (entry.verdict()) {
      case "holds" -> holds(question, answered, entry, right);
      case "changed" -> changed(question, answered, entry, right);
      case "undecided" -> tally.undecided(entry.reason(), right);
      default -> tally.defect("no verdict is called " + entry.verdict());
    }
  }

  private void holds(
      Asked question, BruteForce.Answered answered, Verdicts.Entry entry, boolean right) {
    if (right) {
      return;
    }
    if (answered.ambiguous()
        || answered.outcomes().stream().anyMatch(BruteForce.Outcome.Untold.class::isInstance)) {
      tally.ambiguous();
      return;
    }
    String report = describe(question, answered, entry);
    tally.falseHold(report);
    falseHolds.add(new Wrong(question.ask().label(), report));
  }

  private void changed(
      Asked question, BruteForce.Answered answered, Verdicts.Entry entry, boolean right) {
    tally.changed(!right);
    boolean sure =
        answered.outcomes().size() == 1
            && !answered.ambiguous()
            && !(question.legal() instanceof Query.Legal.FirstRows);
    if (sure
        && entry.now() != null
        && answered.outcomes().getFirst() instanceof BruteForce.Outcome.Gave(var rows)
        && !question.ask().sql().contains("now()")
        && !Judge.sameBag(rows.types(), rows.rows(), entry.now())) {
      String report =
          "the report says it is now " + entry.now() + ": " + describe(question, answered, entry);
      tally.defect(report);
      falseRows.add(new Wrong(question.ask().label(), report));
    }
  }

  private static boolean right(Asked question, BruteForce.Outcome outcome) {
    return switch (outcome) {
      case BruteForce.Outcome.Gave(var rows) -> Judge.right(question.legal(), question.got(), rows);
      case BruteForce.Outcome.Failed ignored -> false;
      case BruteForce.Outcome.Untold ignored -> false;
    };
  }

  private String describe(Asked question, BruteForce.Answered answered, Verdicts.Entry entry) {
    return "%s %s> %s %s%n  %s by %s (%s)%n  was %s%n  now %s"
        .formatted(
            name,
            question.ask().session(),
            question.ask().labelled(),
            question.ask().parameters(),
            entry.verdict(),
            entry.proof(),
            entry.reason(),
            question.got().inWords(),
            answered.outcomes());
  }
}
