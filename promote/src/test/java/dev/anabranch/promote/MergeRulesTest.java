package dev.anabranch.promote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.predicate.footprint.Combining;
import dev.anabranch.testkit.ControlDatabase;
import dev.anabranch.testkit.TemporaryPostgres;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules are set by main's catalogs, stay with their columns, and are taken away. */
@Tag("postgres")
class MergeRulesTest {

  private final TemporaryPostgres postgres = TemporaryPostgres.shared();
  private final String database = postgres.freshDatabase();
  private final HikariDataSource control = ControlDatabase.fresh(postgres);
  private final HikariDataSource main = new HikariDataSource();
  private final MergeRules rules;

  MergeRulesTest() {
    postgres.executeIn(
        database,
        "CREATE TABLE stock (sku text PRIMARY KEY, qty int CHECK (qty >= 0), free int, tags text[],"
            + " attrs jsonb, price numeric, worth numeric GENERATED ALWAYS AS (price * 2) STORED,"
            + " code int UNIQUE, n int GENERATED ALWAYS AS IDENTITY)",
        "CREATE SCHEMA \"Sales Dept\"",
        "CREATE TABLE \"Sales Dept\".\"Till\" (id int PRIMARY KEY, \"Left\" bigint)",
        "CREATE TABLE loose (qty int)",
        "CREATE TABLE parent (id int PRIMARY KEY, qty int)",
        "CREATE TABLE child () INHERITS (parent)",
        "CREATE VIEW shown AS SELECT qty FROM stock");
    main.setJdbcUrl(postgres.jdbcUrl(database));
    rules = new MergeRules(main, new Promotions(control), Clock.systemUTC());
  }

  @AfterEach
  void close() {
    main.close();
    control.close();
  }

  private List<String> kept() {
    return rules.kept().all().stream().map(rule -> rule.column() + " " + rule.rule()).toList();
  }

  @Test
  void theNewestRuleOfAColumnCounts() {
    KeptRule first = rules.set("stock.qty", "counter", "ann");
    KeptRule second = rules.set("public.stock.qty", "max", "ben");
    rules.set("STOCK.free", "counter", "ann");

    assertThat(first.decides()).containsExactly("CHECK ((qty >= 0))");
    assertThat(second.version()).isGreaterThan(first.version());
    assertThat(kept()).containsExactly("public.stock.free counter", "public.stock.qty max");
    assertThat(rules.kept().combining().of(first.table()).get(first.number()))
        .isEqualTo(new Combining.Rule(Combining.Kind.MAX, second.version()));
  }

  @Test
  void aRuleGoesWithItsColumnWhateverThatIsCalled() {
    rules.set("stock.qty", "counter", "ann");
    postgres.executeIn(
        database, "ALTER TABLE stock RENAME qty TO amount", "ALTER TABLE stock RENAME TO goods");

    KeptRule gone = rules.unset("goods.amount", "ann");

    assertThat(gone.rule()).isEqualTo("value");
    assertThat(kept()).isEmpty();
    assertThat(rules.kept().combining()).isEqualTo(Combining.NONE);
  }

  @Test
  void namesAreSqls() {
    rules.set("\"Sales Dept\".\"Till\".\"Left\"", "counter", "ann");
    assertThat(kept()).containsExactly("Sales Dept.Till.Left counter");
    postgres.executeIn(database, "DROP TABLE \"Sales Dept\".\"Till\"");

    rules.unset("Sales Dept.Till.Left", "ann");

    assertThat(kept()).isEmpty();
  }

  @Test
  void onlyWhatShowsInTheCatalogsIsProposed() {
    rules.set("stock.tags", "set", "ann");

    List<RuleProposal> proposals = rules.infer();

    assertThat(proposals.stream().map(one -> one.column() + " " + one.rule()))
        .containsExactly("public.stock.attrs map", "public.stock.qty counter");
  }

  @ParameterizedTest
  @CsvSource({
    "stock.qty, sum, RULE_UNKNOWN",
    "stock.amount, counter, RULE_COLUMN_UNKNOWN",
    "nothing.qty, counter, RULE_COLUMN_UNKNOWN",
    "qty, counter, RULE_COLUMN_UNKNOWN",
    "'', counter, RULE_COLUMN_UNKNOWN",
    "stock.qty; DROP TABLE stock, counter, RULE_COLUMN_UNKNOWN",
    "loose.qty, counter, RULE_TABLE_UNFIT",
    "parent.qty, counter, RULE_TABLE_UNFIT",
    "child.qty, counter, RULE_TABLE_UNFIT",
    "shown.qty, counter, RULE_TABLE_UNFIT",
    "pg_class.reltuples, counter, RULE_TABLE_UNFIT",
    "stock.sku, text, RULE_COLUMN_UNFIT",
    "stock.code, max, RULE_COLUMN_UNFIT",
    "stock.worth, counter, RULE_COLUMN_UNFIT",
    "stock.n, counter, RULE_COLUMN_UNFIT",
    "stock.tags, counter, RULE_NOT_FOR_TYPE",
    "stock.attrs, text, RULE_NOT_FOR_TYPE"
  })
  void aRuleThatSaysNothingIsRefused(String column, String rule, ErrorCode code) {
    assertThatThrownBy(() -> rules.set(column, rule, "ann"))
        .isInstanceOfSatisfying(
            AnabranchException.class, e -> assertThat(e.code()).isEqualTo(code));
    assertThat(kept()).isEmpty();
  }

  @Test
  void whatIsNotSetCanNotBeTakenAway() {
    assertThatThrownBy(() -> rules.unset("stock.qty", "ann"))
        .isInstanceOfSatisfying(
            AnabranchException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RULE_NOT_SET));
  }
}
