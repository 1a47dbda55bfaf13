package dev.anabranch.web;

import gg.jte.html.HtmlContent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An answer, with its verdict once it is checked, as the API tells it.
 *
 * @param id its number
 * @param sql what was asked
 * @param params with which parameters
 * @param askedAt when
 * @param rows how many rows came
 * @param verdict holds, changed or undecided; empty when nobody has checked
 * @param proof how that was told
 * @param reason in words
 * @param was the rows that came, where they are kept
 * @param now the rows that would come
 * @param evidence the rows of main that did it
 * @param effect whether it is what a statement wrote
 * @param nextFlip no later than when the clock alone makes it another, if it can
 */
public record AnswerSeen(
    long id,
    String sql,
    List<@Nullable String> params,
    @Nullable Instant askedAt,
    long rows,
    String verdict,
    @Nullable String proof,
    String reason,
    @Nullable List<List<@Nullable String>> was,
    @Nullable List<List<@Nullable String>> now,
    List<RowChange> evidence,
    boolean effect,
    @Nullable Instant nextFlip) {

  private static final int LONGEST_STATEMENT = 4_000;
  private static final int SHORT_STATEMENT = 120;
  private static final int FEW_LINES = 2;

  public AnswerSeen {
    verdict = Objects.requireNonNullElse(verdict, "");
    reason = Objects.requireNonNullElse(reason, "");
    evidence = Promoted.all(evidence);
    params = params == null ? List.of() : new ArrayList<>(params);
  }

  /** The statement; what is too long for a page is cut. */
  public String statement() {
    String text = sql.strip();
    if (text.isEmpty()) {
      return "(its text is not kept)";
    }
    return text.length() <= LONGEST_STATEMENT ? text : text.substring(0, LONGEST_STATEMENT) + "…";
  }

  /** Whether its statement may have to be scrolled. */
  public boolean isLong() {
    return sql.length() > SHORT_STATEMENT || sql.lines().count() > FEW_LINES;
  }

  public boolean hasParameters() {
    return !params.isEmpty();
  }

  /** Its parameters, or nothing. */
  public HtmlContent parameters() {
    return params.isEmpty()
        ? CellText.listed(List.of())
        : PageTexts.rows(List.of(params)).getFirst();
  }

  /**
   * A row of main that bears on an answer.
   *
   * @param change insert, update or delete
   * @param lsn where on main that was last, if that was asked and is known
   * @param at when that was, to ten seconds, likewise
   */
  public record RowChange(
      String table,
      Map<String, @Nullable String> key,
      String change,
      @Nullable String lsn,
      @Nullable Instant at) {}

  /**
   * A check.
   *
   * @param asOf what its verdicts are true as of
   * @param counts of all answers, whatever the page
   * @param lookUps how many questions were about the catalogs alone
   * @param withheld how many answers sessions kept to themselves
   * @param answers one page of them
   * @param nextCursor where the next page begins, if there is one
   */
  public record CheckSeen(
      String forkLsn,
      String asOf,
      Counts counts,
      int lookUps,
      List<Withheld> withheld,
      List<AnswerSeen> answers,
      @Nullable String nextCursor) {

    public CheckSeen {
      withheld = Promoted.all(withheld);
      answers = Promoted.all(answers);
    }
  }

  /** How many answers got which verdict. */
  public record Counts(int holds, int changed, int undecided) {
    public int all() {
      return holds + changed + undecided;
    }
  }

  /** Answers that a session kept to itself. */
  public record Withheld(long answer, String task, int count) {}
}
