package dev.anabranch.promote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.TableShape;
import dev.anabranch.promote.Promoter.Moment;
import dev.anabranch.promote.Promotion.Outcome;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.testkit.TemporaryPostgres;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What main refuses only because something else landed after the plan was made. */
@Tag("postgres")
final class MovedMeanwhileTests {

  /** Has somebody else write on main between the plan and the first attempt. */
  private static void meanwhile(Fork fork, String... sql) {
    fork.passing =
        moment -> {
          if (moment == Moment.BEGUN_STORED) {
            fork.passing = later -> {};
            fork.main(sql);
          }
        };
  }

  @Test
  void aRowThatBothInsertedIsAConflictAndNotARefusal() {
    try (Fork fork =
        Fork.of(TemporaryPostgres.shared(), "CREATE TABLE k (id int PRIMARY KEY, v text)")) {
      TableShape k = fork.table("k");
      fork.branch.unit(unit -> unit.insert(k, "1", "ours"));
      fork.branch.unit(unit -> unit.insert(k, "2", "ours"));
      meanwhile(fork, "INSERT INTO k VALUES (1, 'theirs')");
      Promotion promotion = fork.promote();
      assertThat(promotion.outcome()).isEqualTo(Outcome.PARTIAL);
      assertThat(promotion.facts()).hasSize(1);
      assertThat(promotion.facts().getFirst().kind()).isEqualTo(Fact.Kind.CONFLICT);
      assertThat(fork.ask("SELECT v FROM k ORDER BY id")).containsExactly("theirs", "ours");
    }
  }

  @Test
  void aDrawnNumberThatMainHasGivenOutMeanwhileIsDrawnAnew() {
    try (Fork fork =
        Fork.of(TemporaryPostgres.shared(), "CREATE TABLE k (id serial PRIMARY KEY, v text)")) {
      fork.branch.unit(unit -> unit.insert(fork.table("k"), "1", "ours"));
      meanwhile(fork, "INSERT INTO k (v) VALUES ('theirs')");
      Promotion promotion = fork.promote();
      assertThat(promotion.facts()).isEmpty();
      assertThat(promotion.outcome()).isEqualTo(Outcome.LANDED);
      assertThat(fork.ask("SELECT v FROM k ORDER BY id")).containsExactly("theirs", "ours");
    }
  }

  @Test
  void whatMainRefusesHoweverItIsPlannedStaysRefused() {
    try (Fork fork =
        Fork.of(TemporaryPostgres.shared(), "CREATE TABLE k (id int PRIMARY KEY, v text UNIQUE)")) {
      fork.branch.unit(unit -> unit.insert(fork.table("k"), "1", "one"));
      meanwhile(fork, "INSERT INTO k VALUES (2, 'one')");
      Promotion promotion = fork.promote();
      assertThat(promotion.outcome()).isEqualTo(Outcome.HELD);
      assertThat(promotion.facts().getFirst().kind()).isEqualTo(Fact.Kind.CONSTRAINT);
      assertThat(promotion.facts().getFirst().sentence()).contains("k_v_key");
    }
  }
}
