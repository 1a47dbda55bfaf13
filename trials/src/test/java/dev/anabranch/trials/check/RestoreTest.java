package dev.anabranch.trials.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.trials.LiveServer;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import dev.anabranch.trials.drive.Verdicts;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A branch that is set back to a moment of its own is what it was then, and so is its ledger. */
@Tag("postgres")
final class RestoreTest {

  private static final String BRANCH = "to-restore";
  private static final String CHILD = "of-restored";
  private static final String POSITION = "SELECT pg_current_wal_insert_lsn()";

  private final Product product = LiveServer.shared().product();

  @BeforeEach
  void tables() throws SQLException {
    try (Connection main = product.main().connect()) {
      Sql.run(main, "CREATE TABLE shelf (id int PRIMARY KEY, n int)");
      Sql.run(main, "INSERT INTO shelf VALUES (1, 10), (2, 20), (3, 30)");
    }
    product.create(BRANCH, Product.Wish.now());
  }

  @AfterEach
  void remove() throws SQLException {
    product.delete(BRANCH);
    try (Connection main = product.main().connect()) {
      Sql.run(main, "DROP TABLE shelf");
    }
  }

  private Connection connect() throws SQLException {
    return product.branch(BRANCH).connect();
  }

  private static String one(Connection connection, String sql) throws SQLException {
    return String.valueOf(Sql.ask(connection, sql).rows().getFirst().getFirst());
  }

  /** In a transaction of its own that says so, and whose id is known to the gateway therefore. */
  private static void write(Connection connection, String sql) throws SQLException {
    connection.setAutoCommit(false);
    Sql.run(connection, sql);
    connection.commit();
    connection.setAutoCommit(true);
  }

  private String shelf() throws SQLException {
    try (Connection branch = connect()) {
      return one(branch, "/* all */ SELECT string_agg(n::text, ' ' ORDER BY id) FROM shelf");
    }
  }

  private String shelfOnMain() throws SQLException {
    try (Connection main = product.main().connect()) {
      return one(main, "SELECT string_agg(n::text, ' ' ORDER BY id) FROM shelf");
    }
  }

  private List<String> labels() {
    return Verdicts.of(product.check(BRANCH)).answers().stream()
        .map(Verdicts.Entry::label)
        .toList();
  }

  @Test
  void workAndAnswersFromBeforeStayAndLandAndTheRestIsGone() throws SQLException {
    String url = product.branch(BRANCH).toString();
    String moment;
    try (Connection early = connect()) {
      Sql.ask(early, "/* before */ SELECT n FROM shelf WHERE id = 1");
      write(early, "UPDATE shelf SET n = 9 WHERE id = 1");
      Sql.ask(early, "/* saw */ SELECT n FROM shelf WHERE id = 1");
      moment = one(early, POSITION);
    }
    Connection late = connect();
    write(late, "UPDATE shelf SET n = 0 WHERE id = 2");
    Sql.ask(late, "/* after */ SELECT n FROM shelf WHERE id = 2");
    write(late, "CREATE TABLE later (x int)");

    product.restore(BRANCH, moment);

    assertThatThrownBy(() -> Sql.ask(late, "SELECT 1")).isInstanceOf(SQLException.class);
    assertThat(product.branch(BRANCH).toString()).isEqualTo(url);
    assertThat(shelf()).isEqualTo("9 20 30");
    assertThatThrownBy(
            () -> {
              try (Connection branch = connect()) {
                Sql.ask(branch, "SELECT * FROM later");
              }
            })
        .hasMessageContaining("does not exist");
    assertThat(labels()).contains("before", "saw").doesNotContain("after");
    assertThat(Verdicts.of(product.check(BRANCH)).answers())
        .filteredOn(answer -> List.of("before", "saw", "all").contains(answer.label()))
        .extracting(Verdicts.Entry::verdict)
        .containsExactly("holds", "holds", "holds");
    try (Connection branch = connect()) {
      write(branch, "UPDATE shelf SET n = 29 WHERE id = 3");
    }
    assertThat(product.promote(BRANCH, false, List.of()).get("outcome").asString())
        .isEqualTo("landed");
    assertThat(shelfOnMain()).isEqualTo("9 20 29");
    assertThatThrownBy(() -> product.restore(BRANCH, moment))
        .hasMessageContaining("has come to main");
  }

  @Test
  void anAnswerThatRestsOnMainAsItWasIsStillFoundOut() throws SQLException {
    String moment;
    try (Connection branch = connect()) {
      Sql.ask(branch, "/* price */ SELECT n FROM shelf WHERE id = 2");
      write(branch, "UPDATE shelf SET n = 11 WHERE id = 1");
      moment = one(branch, POSITION);
      write(branch, "DELETE FROM shelf");
    }
    product.restore(BRANCH, moment);
    try (Connection main = product.main().connect()) {
      Sql.run(main, "UPDATE shelf SET n = 21 WHERE id = 2");
    }
    assertThat(Verdicts.of(product.check(BRANCH)).answers())
        .filteredOn(answer -> answer.label().equals("price"))
        .extracting(Verdicts.Entry::verdict)
        .containsExactly("changed");
    assertThat(product.promote(BRANCH, false, List.of()).get("outcome").asString())
        .isEqualTo("held");
    assertThat(shelfOnMain()).isEqualTo("10 21 30");
  }

  @Test
  void openAndRolledBackTransactionsLeaveNothingThatIsJudged() throws SQLException {
    String moment;
    try (Connection open = connect();
        Connection branch = connect()) {
      write(branch, "UPDATE shelf SET n = 1 WHERE id = 1");
      open.setAutoCommit(false);
      Sql.run(open, "UPDATE shelf SET n = 2 WHERE id = 2");
      Sql.ask(open, "/* uncommitted */ SELECT n FROM shelf WHERE id = 2");
      moment = one(branch, POSITION);
      open.commit();
      Sql.ask(branch, "/* after */ SELECT n FROM shelf WHERE id = 2");
    }
    product.restore(BRANCH, moment);
    assertThat(shelf()).isEqualTo("1 20 30");
    try (Connection branch = connect()) {
      // takes the id of the transaction that is gone
      write(branch, "UPDATE shelf SET n = 3 WHERE id = 3");
    }
    assertThat(Verdicts.of(product.check(BRANCH)).answers())
        .filteredOn(answer -> !answer.label().equals("all"))
        .extracting(Verdicts.Entry::label)
        .doesNotContain("uncommitted", "after");
    product.promote(BRANCH, false, List.of());
    assertThat(shelfOnMain()).isEqualTo("1 20 3");
  }

  @Test
  void aMomentIsFoundAgainAfterARestoreAndAfterSleep() throws Exception {
    Instant first;
    try (Connection branch = connect()) {
      write(branch, "UPDATE shelf SET n = 1 WHERE id = 1");
      first = clock(branch);
      write(branch, "UPDATE shelf SET n = 2 WHERE id = 2");
    }
    product.restore(BRANCH, first.toString());
    assertThat(shelf()).isEqualTo("1 20 30");
    Instant second;
    try (Connection branch = connect()) {
      write(branch, "UPDATE shelf SET n = 3 WHERE id = 3");
      second = clock(branch);
      write(branch, "DELETE FROM shelf");
    }
    product.restore(BRANCH, second.toString());
    assertThat(shelf()).isEqualTo("1 20 3");
    product.restore(BRANCH, first.toString());
    assertThat(shelf()).isEqualTo("1 20 30");
    assertThat(product.promote(BRANCH, false, List.of()).toString())
        .contains("\"outcome\":\"landed\"");
    assertThat(shelfOnMain()).isEqualTo("1 20 30");
  }

  private static Instant clock(Connection branch) throws SQLException {
    return Instant.parse(
        one(
            branch,
            "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC',"
                + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
  }

  @Test
  void whatCanNotBeHadIsRefusedAndTheBranchGoesOn() throws SQLException {
    String before = Instant.now().minus(Duration.ofDays(1)).toString();
    String after = Instant.now().plus(Duration.ofDays(1)).toString();
    assertThatThrownBy(() -> product.restore(BRANCH, before)).hasMessageContaining("it began at");
    assertThatThrownBy(() -> product.restore(BRANCH, after)).hasMessageContaining("still to come");
    assertThatThrownBy(() -> product.restore(BRANCH, "0/1")).hasMessageContaining("begins behind");
    assertThatThrownBy(() -> product.restore(BRANCH, "FF/1")).hasMessageContaining("only at");
    assertThatThrownBy(() -> product.restore(BRANCH, "noon"))
        .hasMessageContaining("no point in time of a branch");
    product.create(
        CHILD,
        new Product.Wish(
            java.util.Optional.empty(),
            java.util.Optional.of(BRANCH),
            java.util.Optional.empty(),
            false));
    assertThatThrownBy(() -> product.restore(CHILD, Instant.now().toString()))
        .hasMessageContaining("started from another branch");
    product.delete(CHILD);
    assertThat(shelf()).isEqualTo("10 20 30");
  }
}
