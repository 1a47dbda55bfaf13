package dev.anabranch.trials.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.trials.LiveServer;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Each answer that was asked again says why, and it is counted by that. */
@Tag("postgres")
final class AskedBecauseTest {

  private static final String BRANCH = "asked-because";

  private final Product product = LiveServer.shared().product();

  @BeforeEach
  void schema() throws SQLException {
    onMain(
        "CREATE SCHEMA again",
        "CREATE TABLE again.o (id int PRIMARY KEY, n int, at timestamptz)",
        "INSERT INTO again.o SELECT i, i, '2020-01-01' FROM generate_series(1, 5) i",
        "CREATE TABLE again.altered (id int PRIMARY KEY, n int)",
        "INSERT INTO again.altered VALUES (1, 1)",
        "CREATE TABLE again.keyless (n int)",
        "CREATE TABLE again.pair (id int PRIMARY KEY, u int UNIQUE)",
        "CREATE FUNCTION again.twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2 * $1'");
    product.create(BRANCH, Product.Wish.now().thrownAway());
  }

  @AfterEach
  void remove() throws SQLException {
    product.delete(BRANCH);
    onMain("DROP SCHEMA again CASCADE");
  }

  @Test
  void eachSaysWhatTheChangesDidNotTell() throws SQLException {
    Map<String, String> kinds = new TreeMap<>();
    kinds.put("SELECT avg(n) FROM again.o", "rows_changed");
    kinds.put("SELECT count(*) FROM again.o WHERE at < now()", "clock");
    kinds.put("SELECT sum(again.twice(n)) FROM again.o", "code");
    kinds.put("SELECT tableoid::regclass::text FROM again.o WHERE id = 1", "beyond_words");
    kinds.put("SELECT max(n) FROM again.altered", "redefined");
    kinds.put("SELECT count(*) FROM again.keyless", "not_followed");
    kinds.put("INSERT INTO again.pair VALUES (1, 7)", "may_be_refused");
    kinds.put("SELECT n FROM again.o WHERE id = 4", "");
    try (Connection branch = product.branch(BRANCH).connect()) {
      for (String statement : kinds.keySet()) {
        Sql.run(branch, statement);
      }
    }
    onMain(
        "UPDATE again.o SET n = 50 WHERE id = 5",
        "ALTER TABLE again.altered ALTER n TYPE bigint",
        "INSERT INTO again.keyless VALUES (1)",
        "INSERT INTO again.pair VALUES (2, 7)");
    double before = asked("clock");

    JsonNode check = product.check(BRANCH);

    assertThat(because(check)).containsExactlyInAnyOrderEntriesOf(kinds);
    assertThat(asked("clock")).isGreaterThanOrEqualTo(before + 1);
    assertThat(product.status().at("/verdicts/askedAgainBecause/clock").asDouble())
        .isGreaterThanOrEqualTo(before + 1);
  }

  /** A check that goes on from the last one has it again. */
  @Test
  void theNextCheckSaysItAgain() throws SQLException {
    List<String> questions =
        List.of("SELECT avg(n) FROM again.o", "SELECT n FROM again.o WHERE id = 4");
    try (Connection branch = product.branch(BRANCH).connect()) {
      for (String question : questions) {
        Sql.run(branch, question);
      }
    }
    onMain("UPDATE again.o SET n = 50 WHERE id = 5");
    Map<String, String> first = because(product.check(BRANCH));
    onMain("INSERT INTO again.pair VALUES (3, 9)");
    assertThat(first).containsEntry(questions.getFirst(), "rows_changed");
    assertThat(because(product.check(BRANCH))).isEqualTo(first);
  }

  private static Map<String, String> because(JsonNode check) {
    Map<String, String> because = new TreeMap<>();
    check
        .get("answers")
        .forEach(answer ->
            because.put(answer.get("sql").asString(), answer.path("askedBecause").asString("")));
    return because;
  }

  private double asked(String because) {
    return product.gauge("anabranch_asked_again_total{because=\"" + because + "\"}");
  }

  private void onMain(String... statements) throws SQLException {
    try (Connection main = product.main().connect()) {
      Sql.run(main, new ArrayList<>(List.of(statements)));
    }
  }
}
