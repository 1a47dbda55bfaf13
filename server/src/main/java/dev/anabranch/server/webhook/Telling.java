package dev.anabranch.server.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.Lsn;
import dev.anabranch.predicate.CheckReport.Judged;
import dev.anabranch.predicate.verdict.NextFlip;
import dev.anabranch.predicate.verdict.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is new to somebody who knows which answers of a branch do not hold.
 *
 * <p>An answer holds when it is given, so that one of which nothing was told is taken for one that
 * holds: whatever turned while nobody looked is told once somebody does.
 *
 * @param turned the answers that hold and did not, and those that do not and did
 * @param broken all that do not hold
 */
record Telling(List<Judged> turned, Set<Long> broken) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** A branch can have very many answers, and a receiver has little room. */
  static final int MOST_TOLD = 500;

  private static final int LONGEST_STATEMENT = 1000;

  Telling {
    turned = List.copyOf(turned);
    broken = Set.copyOf(broken);
  }

  /**
   * @param known the answers that do not hold, as was told
   */
  static Telling of(Set<Long> known, Collection<Judged> verdicts) {
    List<Judged> turned = new ArrayList<>();
    Set<Long> broken = new HashSet<>();
    for (Judged judged : verdicts) {
      long id = judged.answer().id();
      if (!holds(judged)) {
        broken.add(id);
      }
      if (known.contains(id) == holds(judged)) {
        turned.add(judged);
      }
    }
    return new Telling(turned, broken);
  }

  private static boolean holds(Judged judged) {
    return switch (judged.verdict()) {
      case Verdict.Holds ignored -> true;
      case Verdict.Changed ignored -> false;
      case Verdict.Undecided ignored -> false;
    };
  }

  /** What is sent. No row, no parameter and no key is in it; a statement may hold values. */
  record Message(
      String type,
      String branch,
      Instant timestamp,
      String asOf,
      int broken,
      List<Turned> answers,
      int more) {}

  /** An answer that turned. */
  record Turned(
      long id,
      String sql,
      boolean holds,
      String verdict,
      String reason,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant nextFlip) {

    static Turned of(Judged judged) {
      String sql = judged.answer().question().sql();
      return new Turned(
          judged.answer().id(),
          sql.length() <= LONGEST_STATEMENT ? sql : sql.substring(0, LONGEST_STATEMENT) + "…",
          Telling.holds(judged),
          judged.verdict().word(),
          judged.verdict().reason(),
          judged.nextFlip().map(NextFlip::at).orElse(null));
    }
  }

  /** Empty when there is nothing to tell. */
  Optional<String> message(BranchName branch, Lsn asOf, Instant now) {
    if (turned.isEmpty()) {
      return Optional.empty();
    }
    List<Turned> told = turned.stream().limit(MOST_TOLD).map(Turned::of).toList();
    return Optional.of(
        JSON.writeValueAsString(
            new Message(
                "answers.turned",
                branch.value(),
                now,
                asOf.toString(),
                broken.size(),
                told,
                turned.size() - told.size())));
  }

  static String freshId() {
    return "msg_" + UUID.randomUUID().toString().replace("-", "");
  }
}
