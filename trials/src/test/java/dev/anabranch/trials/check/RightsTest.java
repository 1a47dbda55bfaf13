package dev.anabranch.trials.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.trials.LiveServer;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import dev.anabranch.trials.drive.Verdicts;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may see what is part of what an answer rests on; who else may see what is not. */
@Tag("postgres")
final class RightsTest {

  private static final String BRANCH = "rights";

  private final Product product = LiveServer.shared().product();

  @BeforeEach
  void tables() throws SQLException {
    main(
        "CREATE ROLE viewer",
        "CREATE ROLE lead",
        "CREATE ROLE overseer",
        "CREATE ROLE keeper",
        "CREATE ROLE stranger",
        "GRANT overseer TO lead",
        "CREATE SCHEMA vault",
        "GRANT USAGE ON SCHEMA vault TO viewer",
        "CREATE TABLE vault.doc (id int PRIMARY KEY, shown boolean)",
        "INSERT INTO vault.doc VALUES (1, true), (2, false), (3, false)",
        "ALTER TABLE vault.doc ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY partly ON vault.doc TO viewer USING (shown)",
        "CREATE POLICY fully ON vault.doc TO overseer USING (true)",
        "GRANT SELECT ON vault.doc TO viewer",
        "ALTER TABLE vault.doc OWNER TO keeper");
  }

  @AfterEach
  void remove() throws SQLException {
    product.delete(BRANCH);
    main(
        "DROP SCHEMA vault CASCADE",
        "DROP ROLE IF EXISTS viewer, lead, overseer, keeper, stranger, newcomer");
  }

  /** The last column says how much there is to see afterwards. */
  @ParameterizedTest
  @CsvSource({
    "GRANT lead TO viewer, changed, [[3]]",
    "GRANT keeper TO viewer, changed, [[3]]",
    "ALTER ROLE viewer BYPASSRLS, changed, [[3]]",
    "REVOKE USAGE ON SCHEMA vault FROM viewer, undecided, null",
    "REVOKE SELECT ON vault.doc FROM viewer, undecided, null"
  })
  void whatItsRoleMaySeeIsPartOfAnAnswer(String sql, String verdict, String now)
      throws SQLException {
    ask();
    main(sql);

    Verdicts.Entry answer = Verdicts.of(product.check(BRANCH)).answers().getFirst();

    assertThat(answer.verdict()).as("%s", answer).isEqualTo(verdict);
    assertThat(String.valueOf(answer.now())).isEqualTo(now);
  }

  @Test
  void whatOthersMaySeeIsNot() throws SQLException {
    ask();
    main(
        "GRANT lead TO stranger",
        "ALTER ROLE stranger BYPASSRLS",
        "GRANT USAGE ON SCHEMA vault TO stranger",
        "ALTER ROLE viewer PASSWORD 'another'",
        "CREATE ROLE newcomer");

    Verdicts.Entry answer = Verdicts.of(product.check(BRANCH)).answers().getFirst();

    assertThat(answer.verdict()).isEqualTo("holds");
    assertThat(answer.proof()).isEqualTo("untouched");
  }

  private void ask() throws SQLException {
    try (Connection branch =
        product.create(BRANCH, Product.Wish.now().as("viewer").thrownAway()).connect()) {
      Sql.ask(branch, "/* seen */ SELECT count(*) FROM vault.doc");
    }
  }

  private void main(String... statements) throws SQLException {
    try (Connection main = product.main().connect()) {
      for (String sql : statements) {
        Sql.run(main, sql);
      }
    }
  }
}
