package dev.anabranch.web;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A receipt, as the API keeps it.
 *
 * @param id its id
 * @param branch the branch's name then
 * @param outcome landed, partial, held, nothing or refused
 * @param dryRun whether it only looked
 * @param asOf what its verdicts were true as of
 * @param committed where on main it is
 * @param endedAt when it ended
 * @param landed ids of units
 * @param held ids of units
 * @param dropped ids of units
 * @param tables what was written
 * @param facts why units were held
 * @param answers all that were checked
 * @param plan the digest
 * @param undoes the receipt whose work it took back
 * @param undoUntil until when it can be undone, where that ends
 */
public record ReceiptSeen(
    String id,
    String branch,
    String outcome,
    boolean dryRun,
    String asOf,
    @Nullable String committed,
    @Nullable Instant endedAt,
    List<Long> landed,
    List<Long> held,
    List<Long> dropped,
    List<TableRows> tables,
    List<FactSeen> facts,
    List<AnswerChecked> answers,
    List<Long> doubtedAfterwards,
    List<Promoted.NotReliedOn> notRelied,
    String plan,
    @Nullable String undoes,
    List<Promoted.CheckOutcome> checks,
    List<Promoted.TaskSeen> tasks,
    List<FactSeen> moved,
    @Nullable Instant undoUntil) {

  public ReceiptSeen {
    landed = Promoted.all(landed);
    held = Promoted.all(held);
    dropped = Promoted.all(dropped);
    tables = Promoted.all(tables);
    facts = Promoted.all(facts);
    answers = Promoted.all(answers);
    doubtedAfterwards = Promoted.all(doubtedAfterwards);
    notRelied = Promoted.all(notRelied);
    checks = Promoted.all(checks);
    tasks = Promoted.all(tasks);
    moved = Promoted.all(moved);
    plan = Objects.requireNonNullElse(plan, "");
  }

  /** What was written to a table. */
  public record TableRows(
      String table, int inserted, int updated, int deleted, List<String> unfired) {
    public TableRows {
      unfired = Promoted.all(unfired);
    }
  }

  /** An answer that was checked for it. */
  public record AnswerChecked(
      long id, String verdict, String proof, String reason, boolean accepted, boolean restedOn) {}

  public boolean isUndoing() {
    return undoes != null;
  }

  /** Whether there is something to take back. */
  public boolean canBeUndone() {
    return !dryRun && committed != null && !landed.isEmpty();
  }

  /** How many answers got a verdict. */
  public long checked(String verdict) {
    return answers.stream().filter(answer -> answer.verdict().equalsIgnoreCase(verdict)).count();
  }

  /** How it ended, in one sentence. */
  public String headline() {
    String would = dryRun ? "would be " : "";
    String done = isUndoing() ? "undone" : "landed";
    String units = PageTexts.count(landed.size(), "unit");
    String rest =
        (held.isEmpty()
                ? ""
                : ", " + PageTexts.number(held.size()) + (isUndoing() ? " stay" : " held"))
            + (dropped.isEmpty() ? "" : ", " + PageTexts.number(dropped.size()) + " dropped");
    return switch (outcome) {
      case "landed", "partial" -> units + " " + would + done + rest + ".";
      case "held" -> "Nothing " + (dryRun ? "would be" : "was") + " written" + rest + ".";
      case "nothing" -> "There was nothing to write" + rest + ".";
      case "refused" -> "Nothing was written: " + refusedBecause();
      default -> outcome + ".";
    };
  }

  private String refusedBecause() {
    return checks.stream().anyMatch(Promoted.CheckOutcome::stops)
        ? "a check of your own stands against it."
        : "main refused it, or the plan was another by then. It is safe to land again.";
  }
}
