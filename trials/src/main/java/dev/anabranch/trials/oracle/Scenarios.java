package dev.anabranch.trials.oracle;

import dev.anabranch.trials.drive.Profile;
import dev.anabranch.trials.drive.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes whole random scenarios: tables, two sessions that ask and write, and a main that moves. */
final class Scenarios {

  static final List<String> SESSIONS = List.of("alice", "bob");

  private final Dice dice;
  private final List<Step> steps = new ArrayList<>();
  private final Map<String, Query.Legal> legal = new LinkedHashMap<>();
  private final List<String> inTransaction = new ArrayList<>();

  private Scenarios(Dice dice) {
    this.dice = dice;
  }

  /**
   * A scenario from a seed.
   *
   * @param questions how many questions are asked
   */
  static Scenario make(long seed, int questions) {
    return new Scenarios(new Dice(seed)).scenario(questions);
  }

  /** How a session asks: Bob lives elsewhere and writes dates, intervals and bytes another way. */
  static Profile profile(String session, String schema) {
    Profile profile = Profile.in(schema);
    return session.equals("bob")
        ? profile
            .with("TimeZone", "America/New_York")
            .with("DateStyle", "ISO, DMY")
            .with("IntervalStyle", "iso_8601")
            .with("bytea_output", "escape")
            .with("lock_timeout", "200ms")
            .simple()
        : profile.with("TimeZone", "UTC").with("lock_timeout", "200ms");
  }

  private Scenario scenario(int questions) {
    Schemas schemas = new Schemas(dice);
    List<Table> tables = schemas.tables();
    List<String> base = new ArrayList<>(schemas.statements(tables));
    base.add(
        "CREATE VIEW seen AS SELECT a.n, count(*) AS many FROM %s a WHERE a.n > 2 GROUP BY a.n"
            .formatted(dice.pick(tables).name()));
    base.add(
        "CREATE VIEW pairs AS SELECT a.n, b.n AS m FROM %s a LEFT JOIN %s b ON a.n = b.n WHERE a.n < 8"
            .formatted(dice.pick(tables).name(), dice.pick(tables).name()));
    branch(tables, questions);
    return new Scenario(base, steps, legal, main(tables));
  }

  private void branch(List<Table> tables, int questions) {
    Queries queries = new Queries(dice, tables);
    Writes writes = new Writes(dice, tables, 2000);
    // A branch that only reads is the common case; one that writes a lot has few provable answers.
    int writePercent = dice.pick(List.of(0, 4, 4, 10));
    int asked = 0;
    while (asked < questions) {
      String session = dice.percent(75) ? "alice" : "bob";
      if (dice.percent(writePercent)) {
        write(session, writes);
      } else if (writePercent > 0 && dice.percent(2)) {
        ask(session, "q" + asked++, queries.writing(dice.pick(tables)));
      } else {
        ask(session, "q" + asked++, dice.percent(6) ? onView() : queries.next());
      }
    }
    for (String session : List.copyOf(inTransaction)) {
      steps.add(new Step.Act(session, "COMMIT"));
    }
  }

  private Query onView() {
    return dice.percent(50)
        ? Query.bag("SELECT * FROM seen WHERE many " + dice.of("> 1", "= 1", "< 3"))
        : Query.bag(
            "SELECT count(*), sum(m) FROM pairs WHERE n "
                + dice.of("= ", "< ", "> ")
                + dice.below(9));
  }

  private void ask(String session, String label, Query query) {
    steps.add(new Step.Ask(session, label, query.sql(), query.parameters()));
    legal.put(label, query.legal());
  }

  private void write(String session, Writes writes) {
    if (inTransaction.contains(session)) {
      switch (dice.below(8)) {
        case 0, 1 -> end(session, "COMMIT");
        case 2 -> end(session, "ROLLBACK");
        case 3 -> {
          steps.add(new Step.Act(session, "SAVEPOINT s"));
          steps.add(new Step.Act(session, writes.next()));
          if (dice.percent(50)) {
            steps.add(new Step.Act(session, "ROLLBACK TO s"));
          }
        }
        default -> steps.add(new Step.Act(session, writes.next()));
      }
    } else if (dice.percent(25) && inTransaction.isEmpty()) {
      steps.add(
          new Step.Act(
              session, dice.of("BEGIN", "BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ")));
      inTransaction.add(session);
      steps.add(new Step.Act(session, writes.next()));
    } else if (inTransaction.isEmpty() || dice.percent(50)) {
      // The other session's open transaction may hold the row: then the write waits, fails and is
      // left out.
      steps.add(new Step.Act(session, writes.next()));
    }
  }

  private void end(String session, String how) {
    steps.add(new Step.Act(session, how));
    inTransaction.remove(session);
  }

  private List<String> main(List<Table> tables) {
    Writes writes = new Writes(dice, tables, 3000);
    List<String> statements = new ArrayList<>();
    int count = dice.pick(List.of(1, 3, 6, 12, 25));
    for (int i = 0; i < count; i++) {
      if (dice.percent(12)) {
        statements.addAll(writes.drastic());
      } else {
        statements.add(writes.next());
      }
    }
    return statements;
  }
}
