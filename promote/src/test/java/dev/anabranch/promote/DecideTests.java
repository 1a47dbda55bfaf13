package dev.anabranch.promote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.promote.Promotion.Outcome;
import dev.anabranch.promote.Promotion.UnitCounts;
import dev.anabranch.promote.fact.DecisionAsked;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.testkit.TemporaryPostgres;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Decisions and approved plans on a real main. */
@Tag("postgres")
final class DecideTests {

  private static final BranchName ALICE = new BranchName("alice");

  private static Fork shop() {
    return Fork.of(
        TemporaryPostgres.shared(),
        "CREATE TABLE item (id int PRIMARY KEY, qty int CHECK (qty < 100), place text)",
        "INSERT INTO item VALUES (1, 10, 'Oslo'), (2, 20, 'Oslo'), (3, 30, 'Oslo')");
  }

  @Test
  void aDecisionIsKeptWithWhoAndWhy() {
    try (Fork fork = shop()) {
      TableShape item = fork.table("item");
      fork.branch.unit(unit -> unit.update(item, "1", "qty", "11").delete(item, "3"));
      fork.main("UPDATE item SET qty = 12, place = 'Rome' WHERE id = 1");
      Fact fact = fork.promoter().look(ALICE).facts().getFirst();
      Promotion dry = promote(fork, true, asked(fact.id(), "main"));
      assertThat(dry.outcome()).isEqualTo(Outcome.LANDED);
      Promotion promotion = fork.promote();
      assertThat(promotion.outcome()).isEqualTo(Outcome.LANDED);
      assertThat(promotion.facts())
          .singleElement()
          .satisfies(told -> {
            assertThat(told.decided().orElseThrow().who()).isEqualTo("ann");
            assertThat(told.decided().orElseThrow().why()).contains("counted");
          });
      assertThat(fork.promotions.receipt(promotion.receipt()).facts()).isEqualTo(promotion.facts());
      assertThat(fork.ask("SELECT * FROM item ORDER BY id"))
          .containsExactly("1|12|Rome", "2|20|Oslo");
    }
  }

  @Test
  void aRowThatMainDeletedIsPutBackAsTheBranchHasIt() {
    try (Fork fork = shop()) {
      fork.branch.unit(unit -> unit.update(fork.table("item"), "1", "qty", "11"));
      fork.main("DELETE FROM item WHERE id = 1");
      Fact fact = fork.promote().facts().getFirst();
      promote(fork, false, asked(fact.id(), "branch"));
      assertThat(fork.ask("SELECT * FROM item WHERE id = 1")).containsExactly("1|11|Oslo");
    }
  }

  @Test
  void aRowThatMainRefusesCanBeDropped() {
    try (Fork fork = shop()) {
      fork.branch.unit(unit -> unit.update(fork.table("item"), "1", "qty", "50"));
      fork.branch.unit(unit -> unit.update(fork.table("item"), "2", "qty", "21"));
      fork.main("ALTER TABLE item ADD CHECK (qty < 40)");
      Promotion first = fork.promote();
      assertThat(first.units()).isEqualTo(new UnitCounts(2, 1, 1, 0));
      Promotion second = promote(fork, false, asked(first.facts().getFirst().id(), "drop"));
      assertThat(second.outcome()).isEqualTo(Outcome.NOTHING);
      assertThat(second.units()).isEqualTo(new UnitCounts(1, 0, 0, 1));
    }
  }

  @Test
  void aValueThatMainDoesNotTakeIsAFactAndNothingElse() {
    try (Fork fork = shop()) {
      fork.branch.unit(unit -> unit.update(fork.table("item"), "1", "qty", "11"));
      fork.main("UPDATE item SET qty = 12 WHERE id = 1");
      Fact fact = fork.promote().facts().getFirst();
      Promotion promotion =
          promote(
              fork,
              false,
              new DecisionAsked(
                  fact.id(), Optional.empty(), Optional.empty(), "value", Map.of("qty", "many")));
      assertThat(promotion.outcome()).isEqualTo(Outcome.HELD);
      assertThat(promotion.facts().getFirst().sentence()).contains("many");
      assertThat(fork.ask("SELECT qty FROM item WHERE id = 1")).containsExactly("12");
    }
  }

  @Test
  void whatCanNotBeDecidedSaysSoAndDecidesNothing() {
    try (Fork fork = shop()) {
      fork.branch.unit(unit -> unit.update(fork.table("item"), "1", "qty", "11"));
      fork.main("UPDATE item SET qty = 12 WHERE id = 1");
      Fact fact = fork.promote().facts().getFirst();
      DecisionAsked good = asked(fact.id(), "main");
      refused(fork, ErrorCode.FACT_UNKNOWN, good, asked("nosuchfact", "main"));
      refused(fork, ErrorCode.CHOICE_INVALID, good, asked(fact.id(), "accept"));
      refused(fork, ErrorCode.CHOICE_INVALID, good, asked(fact.id(), "toss"));
      refused(
          fork,
          ErrorCode.CHOICE_INVALID,
          new DecisionAsked(fact.id(), Optional.empty(), Optional.of("place"), "main", Map.of()));
      fork.main("UPDATE item SET qty = 13 WHERE id = 1");
      refused(
          fork,
          ErrorCode.FACT_CHANGED,
          new DecisionAsked(
              fact.id(),
              Optional.of(fact.state().substring(0, 6)),
              Optional.empty(),
              "main",
              Map.of()));
      assertThat(fork.promote().facts()).allMatch(Fact::isOpen);
      assertThatThrownBy(() -> plan(fork, "nosuchplan"))
          .isInstanceOfSatisfying(
              AnabranchException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.PLAN_UNKNOWN));
    }
  }

  @Test
  void mainThatMovesWhileAnApprovedPlanIsWrittenStopsIt() {
    for (Traps traps : List.of(Traps.NONE, Traps.of(Trap.ANY_PLAN_WILL_DO))) {
      try (Fork fork = shop()) {
        fork.traps = traps;
        fork.branch.unit(unit -> unit.update(fork.table("item"), "1", "qty", "11"));
        String plan = fork.promote(true, false).plan();
        AtomicBoolean moved = new AtomicBoolean();
        fork.passing =
            moment -> {
              if (moment == Promoter.Moment.BEGUN_STORED && moved.compareAndSet(false, true)) {
                fork.main("UPDATE item SET place = 'Rome' WHERE id = 1");
              }
            };
        Promotion promotion = plan(fork, plan);
        List<String> main = fork.ask("SELECT qty, place FROM item WHERE id = 1");
        if (traps.equals(Traps.NONE)) {
          assertThat(promotion.outcome()).isEqualTo(Outcome.REFUSED);
          assertThat(promotion.difference().orElseThrow().rows().replaced())
              .containsExactly("public.item id=1");
          assertThat(main).containsExactly("10|Rome");
          assertThat(plan(fork, promotion.plan()).outcome()).isEqualTo(Outcome.LANDED);
        } else {
          assertThat(main).containsExactly("11|Rome");
        }
      }
    }
  }

  @Test
  void anAnswerThatWasAcceptedAsItWasIsLookedAtUpToTheCommit() {
    try (Fork fork = shop()) {
      fork.verdicts.changed(17, "47", "48").rests(1, 17L).tables(17, fork.table("item").id());
      fork.branch.unit(unit -> unit.update(fork.table("item"), "1", "qty", "11"));
      Fact fact = fork.promote().facts().getFirst();
      promote(fork, true, asked(fact.id(), "accept"));
      fork.window = (answers, own) -> new Recheck.Doubt(answers, Set.of());
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.HELD);
      fork.window = (answers, own) -> new Recheck.Doubt(Set.of(), Set.of());
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
    }
  }

  private static void refused(Fork fork, ErrorCode code, DecisionAsked... asked) {
    assertThatThrownBy(() -> promote(fork, false, asked))
        .isInstanceOfSatisfying(
            AnabranchException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static DecisionAsked asked(String fact, String choice) {
    return new DecisionAsked(fact, Optional.empty(), Optional.empty(), choice, Map.of());
  }

  private static Promotion promote(Fork fork, boolean dryRun, DecisionAsked... asked) {
    return fork.promoter()
        .promote(
            new PromoteRequest(
                ALICE,
                dryRun,
                false,
                Set.of(),
                List.of(asked),
                "ann",
                Optional.of("counted"),
                Optional.empty()));
  }

  private static Promotion plan(Fork fork, String plan) {
    return fork.promoter()
        .promote(
            new PromoteRequest(
                ALICE,
                false,
                false,
                Set.of(),
                List.of(),
                "ann",
                Optional.empty(),
                Optional.of(plan)));
  }
}
