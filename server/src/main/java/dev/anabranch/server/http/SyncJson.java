package dev.anabranch.server.http;

import dev.anabranch.base.BranchName;
import dev.anabranch.promote.PromoteRequest;
import dev.anabranch.promote.TaskWork;
import dev.anabranch.promote.fact.DecisionAsked;
import dev.anabranch.promote.sync.Synced;
import dev.anabranch.server.http.ApiJson.CountsView;
import dev.anabranch.server.http.ApiJson.FactView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A sync, as it is asked for and told. */
final class SyncJson {

  private SyncJson() {}

  /**
   * @param caller the address it came from, which decides when nobody else is said to
   */
  static PromoteRequest request(BranchName branch, String text, String caller) {
    RequestBody body = RequestBody.parse(text, ApiBodies.Sync.class);
    boolean dryRun = body.flag("dryRun");
    Set<Long> accept = body.numbers("accept");
    List<DecisionAsked> decide = body.each("decide", PromotionBody::asked);
    String who = body.text("who").filter(name -> !name.isBlank()).orElse(caller);
    Optional<String> why = body.text("why");
    if (who.length() > PromotionBody.LONGEST_WORDS
        || why.filter(words -> words.length() > PromotionBody.LONGEST_WORDS).isPresent()) {
      body.mistake(
          "'who' and 'why' can't be longer than " + PromotionBody.LONGEST_WORDS + " characters.");
    }
    body.finish();
    return new PromoteRequest(branch, dryRun, false, accept, decide, who, why, Optional.empty());
  }

  /** How a sync ended. */
  record SyncedView(
      String branch,
      String outcome,
      boolean dryRun,
      ForkView before,
      @Nullable ForkView now,
      String asOf,
      CountsView counts,
      SyncedAnswersView answers,
      SyncedUnitsView units,
      List<RenumberedView> renumbered,
      List<FactView> facts,
      List<TaskWork> tasks) {

    static SyncedView of(Synced synced) {
      List<LeftView> left = new ArrayList<>();
      synced.left().forEach((why, ids) -> left.add(new LeftView(why.words(), ids)));
      return new SyncedView(
          synced.branch().value(),
          synced.outcome().name().toLowerCase(Locale.ROOT),
          synced.dryRun(),
          ForkView.of(synced.before()),
          synced.now().map(ForkView::of).orElse(null),
          synced.asOf().toString(),
          CountsView.of(synced.verdicts()),
          new SyncedAnswersView(synced.carried(), left, synced.accepted()),
          SyncedUnitsView.of(synced.units()),
          synced.renumbered().stream()
              .map(row -> new RenumberedView(row.table(), row.from(), row.to()))
              .toList(),
          FactView.of(synced.promotion().facts(), synced.promotion().tasks()),
          synced.promotion().tasks());
    }
  }

  /** Where a branch forks from main. */
  record ForkView(String lsn, Instant time) {
    static ForkView of(Synced.Fork fork) {
      return new ForkView(fork.lsn().toString(), fork.time());
    }
  }

  /** What became of a branch's answers. */
  record SyncedAnswersView(int carried, List<LeftView> left, List<Long> accepted) {}

  /** What became of a branch's units. */
  record SyncedUnitsView(int carried, int dropped, int landed) {
    static SyncedUnitsView of(Synced.Units units) {
      return new SyncedUnitsView(units.carried(), units.dropped(), units.landed());
    }
  }

  /** Answers that stayed behind for one reason. */
  record LeftView(String why, List<Long> answers) {}

  /** A row that has another key now. */
  record RenumberedView(String table, Map<String, String> from, Map<String, String> to) {}
}
