package dev.anabranch.promote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.BranchName;
import dev.anabranch.promote.Promotion.Outcome;
import dev.anabranch.testkit.TemporaryPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How long a promotion can be undone. */
@Tag("postgres")
class UndoKeepTests {

  private static final Duration KEEP = Duration.ofDays(30);

  private static Fork landed() {
    Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE stock (id int PRIMARY KEY, qty int)",
            "INSERT INTO stock VALUES (1, 10)");
    fork.branch.unit(unit -> unit.update(fork.table("stock"), "1", "qty", "11"));
    return fork;
  }

  @Test
  void whatIsKeptLongEnoughIsForgottenAndSaysSo() {
    try (Fork fork = landed()) {
      Promotion promotion = fork.promote();
      Promotions keeping = fork.promotionsKeeping(Optional.of(KEEP));
      Instant until = keeping.undoUntil(promotion.receipt()).orElseThrow();
      assertThat(until).isAfter(Instant.now().plus(KEEP).minus(Duration.ofHours(1)));
      assertThat(
              keeping
                  .receipts("alice", Optional.of(fork.id()))
                  .getFirst()
                  .undoUntil()
                  .orElseThrow()
                  .getEpochSecond())
          .isEqualTo(until.getEpochSecond());

      keeping.forgetRows(until.minusSeconds(60));
      assertThat(
              fork.promoter().undo(promotion.receipt(), true, Set.of(), Optional.empty()).outcome())
          .isEqualTo(Outcome.LANDED);

      keeping.forgetRows(until.plusSeconds(60));
      assertThat(keeping.undoUntil(promotion.receipt())).isEmpty();
      assertThatThrownBy(() -> fork.undo(promotion.receipt()))
          .hasMessageContaining("can't be undone any more");
      assertThat(fork.ask("SELECT qty FROM stock")).containsExactly("11");
      assertThat(fork.promotions.receipt(promotion.receipt()).outcome()).isEqualTo("landed");
    }
  }

  @Test
  void foreverForgetsNothing() {
    try (Fork fork = landed()) {
      Promotion promotion = fork.promote();
      fork.promotions.forgetRows(Instant.now().plus(Duration.ofDays(10_000)));
      assertThat(fork.promotions.undoUntil(promotion.receipt())).isEmpty();
      assertThat(fork.undo(promotion.receipt()).outcome()).isEqualTo(Outcome.LANDED);
      assertThat(fork.promotions.receipts(new BranchName("alice").value(), Optional.of(fork.id())))
          .allSatisfy(receipt -> assertThat(receipt.undoUntil()).isEmpty());
    }
  }
}
