package dev.anabranch.trials.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.cluster.Trees;
import dev.anabranch.server.Anabranch;
import dev.anabranch.server.settings.Settings;
import dev.anabranch.testkit.TemporaryPostgres;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import dev.anabranch.trials.drive.Verdicts;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each rule about what writing statements did is needed: main has changed what all of these read,
 * so none of them holds, and with one rule off one of them is said to.
 */
@Tag("postgres")
final class EffectTrapsTest {

  private static final String BRANCH = "effect-traps";

  private static final List<String> BASE =
      List.of(
          "CREATE TABLE owned (id int PRIMARY KEY, a int, b int)",
          "CREATE TABLE report (id int PRIMARY KEY, n int)",
          "INSERT INTO owned VALUES (1, 3, 1)",
          "CREATE TABLE price (id int PRIMARY KEY, p int)",
          "INSERT INTO price VALUES (1, 10)",
          "CREATE FUNCTION total() RETURNS trigger LANGUAGE plpgsql AS $$"
              + " BEGIN NEW.total = (SELECT p FROM public.price WHERE id = 1); RETURN NEW; END $$",
          "CREATE TABLE line (id int PRIMARY KEY, total int)",
          "CREATE TRIGGER total BEFORE INSERT ON line FOR EACH ROW EXECUTE FUNCTION total()",
          "CREATE TABLE taken (id int PRIMARY KEY)",
          "INSERT INTO taken VALUES (1)",
          "CREATE TABLE ward (id int PRIMARY KEY, price int REFERENCES price)",
          "INSERT INTO price VALUES (2, 10)",
          "CREATE TABLE visit (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, who text)",
          "CREATE FUNCTION seen(who text) RETURNS text LANGUAGE plpgsql AS $$"
              + " BEGIN INSERT INTO public.visit (who) VALUES (who); RETURN who; END $$",
          "CREATE VIEW people AS SELECT seen('ann') AS name",
          "CREATE FUNCTION ready() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'yes'; END $$",
          "CREATE SEQUENCE ticket",
          "CREATE FUNCTION stands() RETURNS bigint LANGUAGE plpgsql AS $$"
              + " BEGIN RETURN (SELECT last_value FROM public.ticket); END $$",
          "CREATE TABLE terms (id int PRIMARY KEY, days int)",
          "INSERT INTO terms VALUES (1, 7)",
          "CREATE FUNCTION due() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.due ="
              + " clock_timestamp() + (SELECT days FROM public.terms) * interval '1 day'; RETURN"
              + " NEW; END $$",
          "CREATE TABLE bill (id int PRIMARY KEY, due timestamptz)",
          "CREATE TRIGGER due BEFORE INSERT ON bill FOR EACH ROW EXECUTE FUNCTION due()");

  private static final List<String> ON_BRANCH =
      List.of(
          "BEGIN",
          "UPDATE owned SET a = 9 WHERE id = 1",
          "INSERT /* forget-own-rows */ INTO report SELECT 1, count(*) FROM owned WHERE a > 5 AND b"
              + " = 1",
          "COMMIT",
          "INSERT /* trust-words */ INTO line VALUES (1, 0)",
          "INSERT /* tags-only */ INTO line VALUES (2, 0)",
          "INSERT /* all-is-drawn */ INTO line VALUES (3, 0)",
          "BEGIN",
          "SELECT name FROM people",
          "SELECT /* forget-hidden-writes */ count(*) FROM visit",
          "COMMIT",
          "BEGIN",
          "UPDATE terms SET days = 8 WHERE days = 7",
          "SELECT /* nothing-came-before */ ready()",
          "ROLLBACK",
          "SELECT /* still-rows-tell-all */ stands()",
          "INSERT /* constraints-take-all */ INTO ward VALUES (1, 2)",
          "INSERT /* trust-chance */ INTO bill VALUES (1, NULL)");

  private static final List<String> ON_MAIN =
      List.of(
          "UPDATE owned SET b = 2",
          "UPDATE price SET p = 20 WHERE id = 1",
          "DELETE FROM price WHERE id = 2",
          "DELETE FROM taken",
          "INSERT INTO visit (who) VALUES ('bob')",
          "UPDATE terms SET days = 9");

  private static final Map<Traps, Set<String>> HOLDING = new HashMap<>();

  /** While no row of main, and none of its definitions, has changed. */
  private static final Set<String> HOLDING_WHILE_STILL = new HashSet<>();

  @BeforeAll
  static void checkWithEachRuleOff() throws SQLException, IOException {
    AtomicReference<Traps> sprung = new AtomicReference<>(Traps.NONE);
    Path home = TemporaryPostgres.temporaryDirectory("anabranch-effects-");
    try (Anabranch server =
        new Anabranch(Settings.inDirectory(home.resolve("data")), step -> {}, sprung::get)) {
      Product product = Product.of(server.start());
      try (Connection main = product.main().connect()) {
        Sql.run(main, BASE);
        product.create(BRANCH, Product.Wish.now());
        workOnTheBranch(product);
        Sql.run(main, "SELECT nextval('ticket') FROM generate_series(1, 2)");
        HOLDING_WHILE_STILL.addAll(holding(product));
        sprung.set(Traps.of(Trap.STILL_ROWS_TELL_ALL));
        HOLDING.put(Traps.of(Trap.STILL_ROWS_TELL_ALL), holding(product));
        Sql.run(main, ON_MAIN);
      }
      sprung.set(Traps.NONE);
      HOLDING.put(Traps.NONE, holding(product));
      for (Trap trap : RULES) {
        sprung.set(Traps.of(trap));
        HOLDING.put(Traps.of(trap), holding(product));
      }
    } finally {
      Trees.delete(home);
    }
  }

  private static final Set<Trap> RULES =
      Set.of(
          Trap.FORGET_OWN_ROWS,
          Trap.TRUST_WORDS,
          Trap.REFUSALS_STAND,
          Trap.FORGET_HIDDEN_WRITES,
          Trap.ALL_IS_DRAWN,
          Trap.CONSTRAINTS_TAKE_ALL,
          Trap.TRUST_CHANCE,
          Trap.TAGS_ONLY,
          Trap.NOTHING_CAME_BEFORE);

  private static void workOnTheBranch(Product product) throws SQLException {
    try (Connection branch = product.branch(BRANCH).connect()) {
      for (String sql : ON_BRANCH) {
        Sql.run(branch, sql);
      }
    }
    try (Connection branch = product.branch(BRANCH).connect()) {
      Sql.run(branch, "INSERT /* refusals-stand */ INTO taken VALUES (1)");
    } catch (SQLException refused) {
      assertThat(refused.getSQLState()).isEqualTo("23505");
    }
  }

  private static Set<String> holding(Product product) {
    return Verdicts.of(product.check(BRANCH)).answers().stream()
        .filter(entry -> entry.verdict().equals("holds") && !entry.label().isEmpty())
        .map(Verdicts.Entry::label)
        .collect(Collectors.toSet());
  }

  @Test
  void withEveryRuleOnNoneHolds() {
    assertThat(HOLDING.get(Traps.NONE)).isEmpty();
  }

  @Test
  void whileMainStandsStillAllHoldsThatIsOfItsRows() {
    assertThat(HOLDING_WHILE_STILL)
        .contains("trust-words", "tags-only", "forget-own-rows")
        .doesNotContain("still-rows-tell-all");
  }

  @ParameterizedTest
  @EnumSource(
      value = Trap.class,
      names = {
        "FORGET_OWN_ROWS",
        "TRUST_WORDS",
        "REFUSALS_STAND",
        "FORGET_HIDDEN_WRITES",
        "ALL_IS_DRAWN",
        "CONSTRAINTS_TAKE_ALL",
        "TRUST_CHANCE",
        "TAGS_ONLY",
        "NOTHING_CAME_BEFORE",
        "STILL_ROWS_TELL_ALL"
      })
  void aRuleSwitchedOffIsFoundOut(Trap trap) {
    String label = trap.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    assertThat(Objects.requireNonNull(HOLDING.get(Traps.of(trap)))).contains(label);
  }
}
