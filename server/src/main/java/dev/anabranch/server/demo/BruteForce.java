package dev.anabranch.server.demo;

import dev.anabranch.predicate.verdict.Verdict;
import dev.anabranch.server.demo.DemoStep.Act;
import dev.anabranch.server.demo.DemoStep.Ask;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Everything asked again, on main itself, in one transaction that is rolled back: Alice's script
 * from start to end, her writes where she made them. It shares nothing with the check but the
 * questions.
 *
 * @param asked questions that were asked again
 * @param same how many gave the same answer
 * @param holdsThatHold verdicts {@code holds} that are right
 * @param falseHolds verdicts {@code holds} that are wrong: the one unforgivable defect
 * @param changedThatChanged verdicts {@code changed} that are right
 * @param changedThatDidNot verdicts {@code changed} for answers that are the same
 */
record BruteForce(
    int asked,
    int same,
    int holdsThatHold,
    int falseHolds,
    int changedThatChanged,
    int changedThatDidNot) {

  /**
   * @param given what Alice got, question by question
   * @param verdicts what the check says of each, in the same order
   */
  static BruteForce run(
      Connection main, List<DemoStep> script, List<Rows> given, List<Verdict> verdicts)
      throws SQLException {
    main.setAutoCommit(false);
    BruteForce tally = new BruteForce(0, 0, 0, 0, 0, 0);
    try (Statement statement = main.createStatement()) {
      for (DemoStep step : script) {
        switch (step) {
          case Act act -> statement.execute(act.sql());
          case Ask ask -> {
            boolean same = given.get(tally.asked).sameAs(Rows.ask(main, ask), ask.ordered());
            tally = tally.and(same, verdicts.get(tally.asked));
          }
        }
      }
    } finally {
      main.rollback();
      main.setAutoCommit(true);
    }
    return tally;
  }

  private BruteForce and(boolean isSame, Verdict verdict) {
    boolean holds = verdict instanceof Verdict.Holds;
    boolean changed = verdict instanceof Verdict.Changed;
    return new BruteForce(
        asked + 1,
        same + one(isSame),
        holdsThatHold + one(holds && isSame),
        falseHolds + one(holds && !isSame),
        changedThatChanged + one(changed && !isSame),
        changedThatDidNot + one(changed && isSame));
  }

  private static int one(boolean condition) {
    return condition ? 1 : 0;
  }
}
