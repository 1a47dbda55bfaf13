package dev.anabranch.promote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.promote.Promotion.Outcome;
import dev.anabranch.promote.assertion.Assertion;
import dev.anabranch.promote.assertion.AssertionResult;
import dev.anabranch.promote.assertion.AssertionRules;
import dev.anabranch.testkit.TemporaryPostgres;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The users' own checks: what they see, what they stop, and what they can't do. */
@Tag("postgres")
class OwnChecksTests {

  private static final String STOCK = "SELECT id, qty FROM stock ORDER BY id";
  private static final String NEGATIVE = "SELECT id, qty FROM public.stock WHERE qty < 0";

  /** Main has two shelves, and the branch has taken five from the first. */
  private static Fork shop(String left, String... more) {
    String[] all = new String[more.length + 2];
    all[0] = "CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL)";
    all[1] = "INSERT INTO stock VALUES (1, 3), (2, 4)";
    System.arraycopy(more, 0, all, 2, more.length);
    Fork fork = Fork.of(TemporaryPostgres.shared(), all);
    fork.branch.unit(unit -> unit.update(fork.table("stock"), "1", "qty", left));
    return fork;
  }

  private static OwnChecksAsked given(String name, String sql) {
    return new OwnChecksAsked(List.of(new Assertion(name, sql)), Set.of());
  }

  private static AssertionResult only(Promotion promotion) {
    assertThat(promotion.checks()).hasSize(1);
    return promotion.checks().getFirst();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsMetLetsItLand(boolean dryRun) {
    try (Fork fork = shop("2")) {
      Promotion promotion = fork.promote(dryRun, given("no-negative", NEGATIVE + ";\n"));
      assertThat(promotion.outcome()).isEqualTo(Outcome.LANDED);
      assertThat(only(promotion).outcome()).isEqualTo("passed");
      assertThat(fork.ask(STOCK)).containsExactly(dryRun ? "1|3" : "1|2", "2|4");
      assertThat(fork.promotions.receipt(promotion.receipt()).checks())
          .isEqualTo(promotion.checks());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsNotMetLetsNothingLandAndShowsItsRows(boolean dryRun) {
    try (Fork fork = shop("-2")) {
      Promotion promotion = fork.promote(dryRun, given("no-negative", NEGATIVE));
      assertThat(promotion.outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(promotion.units().landed()).isZero();
      assertThat(promotion.units().held()).isEqualTo(1);
      AssertionResult result = only(promotion);
      assertThat(result.outcome()).isEqualTo("failed");
      assertThat(result.columns()).containsExactly("id", "qty");
      assertThat(result.rows()).containsExactly(List.of("1", "-2"));
      assertThat(result.more()).isFalse();
      assertThat(fork.ask(STOCK)).containsExactly("1|3", "2|4");

      fork.main("UPDATE stock SET qty = 9 WHERE id = 2");
      Promotion skipping =
          fork.promote(
              dryRun,
              new OwnChecksAsked(
                  List.of(new Assertion("no-negative", NEGATIVE)), Set.of("no-negative")));
      assertThat(skipping.outcome()).isEqualTo(Outcome.LANDED);
      assertThat(only(skipping).outcome()).isEqualTo("skipped");
      assertThat(fork.ask(STOCK)).containsExactly(dryRun ? "1|3" : "1|-2", "2|9");
    }
  }

  @Test
  void manyRowsAreShownByTheirFirst() {
    try (Fork fork = shop("2")) {
      AssertionResult result =
          only(fork.promote(true, given("many", "SELECT * FROM generate_series(1, 1000) AS n")));
      assertThat(result.rows()).hasSize(10).contains(List.of("10"));
      assertThat(result.more()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT FROM",
        "SELECT * FROM nowhere",
        "DELETE FROM public.stock",
        "DELETE FROM public.stock RETURNING id",
        "WITH gone AS (DELETE FROM public.stock RETURNING id) SELECT * FROM gone",
        "SELECT 1 INTO other",
        "SELECT 1; DELETE FROM public.stock",
        "SELECT 1; COMMIT",
        "COMMIT",
        "SELECT id FROM public.stock FOR UPDATE",
        "COPY public.stock TO PROGRAM 'true'",
        "DO 'BEGIN END'",
        "SELECT pg_read_file('PG_VERSION')"
      })
  void whatIsNoQueryThatOnlyReadsIsToldAndNothingIsWritten(String sql) {
    try (Fork fork = shop("2")) {
      for (boolean dryRun : List.of(true, false)) {
        assertThatThrownBy(() -> fork.promote(dryRun, given("odd", sql)))
            .hasMessageStartingWith("The query 'odd' can't be run, so nothing was written: ");
      }
      assertThatThrownBy(() -> fork.ownChecks().set(new Assertion("odd", sql), "ann"))
          .hasMessageStartingWith("The query 'odd' can't be run, so nothing was written: ");
      assertThat(fork.ask(STOCK)).containsExactly("1|3", "2|4");
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
    }
  }

  @Test
  void rowsThatTheRoleMayNotSeeAreNoReasonToPass() {
    try (Fork fork =
        shop(
            "2",
            "CREATE TABLE secret (line text)",
            "ALTER TABLE secret ENABLE ROW LEVEL SECURITY")) {
      assertThatThrownBy(
              () -> fork.promote(false, given("secrets", "SELECT line FROM public.secret")))
          .hasMessageContaining("row-level security");
    }
  }

  @Test
  void aMistakeIsToldWithItsLine() {
    try (Fork fork = shop("2")) {
      assertThatThrownBy(
              () -> fork.promote(true, given("odd", "SELECT id\nFROM public.stock\nWHERE nix")))
          .hasMessageContaining("column \"nix\" does not exist (line 3)");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT public.writes()                               | read-only transaction",
        "SELECT nextval('public.numbers')                     | read-only transaction",
        "SELECT set_config('role', session_user::text, true)  | permission denied",
        "SELECT query_to_xml('SELECT set_config(''role'', session_user::text, true)', true, true,"
            + " '')  | permission denied",
        "SELECT pg_logical_emit_message(false, 'anabranch', 'promotion:x') | permission denied",
        "SELECT set_config('transaction_read_only', 'off', true) | permission denied",
        "SELECT 1 / (qty - qty) FROM public.stock             | division by zero",
        "SELECT pg_sleep(60)                                  | took longer than"
      })
  void whatWritesOrReachesBeyondIsAnErrorAndNothingLands(String sql, String words) {
    try (Fork fork =
        shop(
            "2",
            "CREATE SEQUENCE numbers",
            "CREATE TABLE log (line text)",
            "CREATE FUNCTION writes() RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS $$BEGIN"
                + " INSERT INTO public.log VALUES ('x'); RETURN 1; END$$",
            "GRANT USAGE ON SEQUENCE numbers TO PUBLIC")) {
      fork.assertionRules = new AssertionRules("pg_read_all_data", Duration.ofMillis(500));
      for (boolean dryRun : List.of(true, false)) {
        Promotion promotion = fork.promote(dryRun, given("odd", sql));
        assertThat(promotion.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(only(promotion).outcome()).isEqualTo("error");
        assertThat(only(promotion).sentence()).contains(words);
      }
      assertThat(fork.ask(STOCK)).containsExactly("1|3", "2|4");
      assertThat(fork.ask("SELECT count(*) FROM log")).containsExactly("0");
      assertThat(
              fork.ask(
                  "SELECT has_function_privilege('pg_read_all_data',"
                      + " 'set_config(text, text, boolean)', 'EXECUTE')"))
          .containsExactly("t");
      Promotion without = fork.promote();
      assertThat(without.outcome()).isEqualTo(Outcome.LANDED);
      assertThat(without.checks()).isEmpty();
    }
  }

  @Test
  void aLockThatAQueryTakesIsGoneWithIt() {
    try (Fork fork = shop("2")) {
      Promotion promotion =
          fork.promote(
              false, given("locks", "SELECT 1 WHERE (SELECT pg_advisory_lock(4711)) IS NULL"));
      assertThat(promotion.outcome()).isEqualTo(Outcome.LANDED);
      assertThat(fork.ask("SELECT count(*) FROM pg_locks WHERE objid = 4711")).containsExactly("0");
    }
  }

  @Test
  void whatIsKeptHoldsEveryPromotionAndItsUndoing() {
    try (Fork fork = shop("12")) {
      String name = "at-most-ten";
      OwnChecks checks = fork.ownChecks();
      checks.set(new Assertion(name, "SELECT id FROM public.stock WHERE qty > 10"), "ann");
      try {
        assertThat(checks.kept().get(name).who()).isEqualTo("ann");
        Promotion stopped = fork.promote();
        assertThat(stopped.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(only(stopped).rows()).containsExactly(List.of("1"));
        assertThatThrownBy(() -> fork.promote(false, given(name, NEGATIVE)))
            .hasMessageContaining("There are two checks named '" + name + "'");
        assertThatThrownBy(
                () -> fork.promote(false, new OwnChecksAsked(List.of(), Set.of("other"))))
            .hasMessageStartingWith("There is no check 'other'");

        Promotion landed = fork.promote(false, new OwnChecksAsked(List.of(), Set.of(name)));
        assertThat(landed.outcome()).isEqualTo(Outcome.LANDED);
        fork.main("UPDATE stock SET qty = 11 WHERE id = 2");
        for (boolean dryRun : List.of(true, false)) {
          Promotion undoing =
              fork.promoter().undo(landed.receipt(), dryRun, Set.of(), Optional.empty());
          assertThat(undoing.outcome()).isEqualTo(Outcome.REFUSED);
          assertThat(only(undoing).rows()).containsExactly(List.of("2"));
        }
        assertThat(fork.ask(STOCK)).containsExactly("1|12", "2|11");
        assertThat(
                fork.promoter()
                    .undo(landed.receipt(), false, Set.of(name), Optional.empty())
                    .outcome())
            .isEqualTo(Outcome.LANDED);
        assertThat(fork.ask(STOCK)).containsExactly("1|3", "2|11");
      } finally {
        checks.kept().delete(name);
      }
      assertThatThrownBy(() -> checks.kept().delete(name))
          .hasMessageStartingWith("There is no check '" + name + "'");
    }
  }

  @Test
  void aRoleThatIsNoneIsToldWithWhatToDo() {
    try (Fork fork = shop("2")) {
      fork.assertionRules = new AssertionRules("auditor", Duration.ofSeconds(1));
      assertThatThrownBy(() -> fork.promote(false, given("no-negative", NEGATIVE)))
          .hasMessageContaining("Checks are run on main as role 'auditor'");
      assertThat(fork.ask(STOCK)).containsExactly("1|3", "2|4");
    }
  }

  @Test
  void whatMainRefusesIsLeftOutOfWhatADryRunIsCheckedOn() {
    try (Fork fork = shop("2", "CREATE TABLE rack (id int PRIMARY KEY CHECK (id < 10))")) {
      fork.branch.unit(unit -> unit.insert(fork.table("rack"), "12"));
      Promotion shown =
          fork.promote(
              true,
              given(
                  "racks",
                  "SELECT id FROM public.rack UNION SELECT 1 FROM"
                      + " public.stock WHERE id = 1 AND qty <> 2"));
      assertThat(only(shown).outcome()).isEqualTo("passed");
    }
  }
}
