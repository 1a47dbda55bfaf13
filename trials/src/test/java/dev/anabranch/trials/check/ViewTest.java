package dev.anabranch.trials.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.anabranch.trials.LiveServer;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import dev.anabranch.trials.drive.Verdicts;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A branch as it was, through the gateway: {@code branch@moment}. */
@Tag("postgres")
final class ViewTest {

  private static final String BRANCH = "looked-back-at";
  private static final String POSITION = "SELECT pg_current_wal_insert_lsn()";

  private final Product product = LiveServer.shared().product();
  private String before = "";

  @BeforeEach
  void aBranchWithAPast() throws SQLException {
    try (Connection main = product.main().connect()) {
      Sql.run(main, "CREATE TABLE attic (id int PRIMARY KEY, n int)");
      Sql.run(main, "INSERT INTO attic VALUES (1, 10), (2, 20)");
    }
    product.create(BRANCH, Product.Wish.now());
    try (Connection branch = product.branch(BRANCH).connect()) {
      Sql.ask(branch, "/* first */ SELECT n FROM attic WHERE id = 1");
      before = Sql.texts(branch, POSITION).getFirst();
      Sql.run(branch, "UPDATE attic SET n = 0");
    }
  }

  @AfterEach
  void remove() throws SQLException {
    product.delete(BRANCH);
    try (Connection main = product.main().connect()) {
      Sql.run(main, "DROP TABLE attic");
    }
  }

  private Address at(String moment) {
    return product.branch(BRANCH).at(moment);
  }

  @Test
  void whatIsReadThereIsNoAnswerOfTheBranch() throws SQLException {
    int answers = product.answers(BRANCH).size();
    try (Connection view = at(before).connect()) {
      assertThat(Sql.texts(view, "SELECT n FROM attic ORDER BY id")).containsExactly("10", "20");
      try (Connection main = product.main().connect()) {
        Sql.run(main, "UPDATE attic SET n = 21 WHERE id = 2");
      }
      assertThat(Sql.texts(view, "SELECT sum(n) FROM attic")).containsExactly("30");
    }
    assertThat(product.answers(BRANCH).size()).isEqualTo(answers);
    assertThat(Verdicts.of(product.check(BRANCH)).answers())
        .filteredOn(answer -> !answer.label().isEmpty())
        .extracting(Verdicts.Entry::label, Verdicts.Entry::verdict)
        .containsExactly(tuple("first", "holds"));
  }

  /** Of a branch the gateway asks where its writes stand; Postgres has no reply in recovery. */
  @Test
  void theGatewayAsksNothingThatWouldFailTheClientsTransaction() throws SQLException {
    try (Connection view = at(before).connect()) {
      view.setAutoCommit(false);
      assertThat(Sql.texts(view, "SELECT n, pg_backend_pid() > 0 FROM attic WHERE id = 1"))
          .containsExactly("10");
      Sql.run(view, "DO $$ BEGIN PERFORM pg_backend_pid(); END $$");
      Sql.run(view, "SET LOCAL TimeZone = 'Asia/Tokyo'");
      assertThat(Sql.texts(view, "SELECT current_setting('TimeZone')"))
          .containsExactly("Asia/Tokyo");
      view.commit();
      view.setAutoCommit(true);
      Sql.run(view, "DO $$ BEGIN PERFORM pg_backend_pid(); END $$");
      assertThatThrownBy(() -> Sql.run(view, "DELETE FROM attic"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25006"));
      assertThat(Sql.texts(view, "SELECT count(*) FROM attic")).containsExactly("2");
    }
  }

  @Test
  void aMomentThatCantBeHadIsRefusedAtTheLogin() {
    assertRefused("noon", "22023", "'noon' is no point in time of a branch");
    assertRefused("2999-01-01T00:00:00Z", "22023", "still to come");
    assertRefused("2001-01-01T00:00:00Z", "22023", "it began at");
    Address stranger = at(before);
    Address wrong =
        new Address(stranger.host(), stranger.port(), stranger.database(), BRANCH, "guessed");
    assertThatThrownBy(wrong::connect).hasMessageContaining("Login");
    assertThat(views()).isZero();
  }

  private void assertRefused(String moment, String sqlState, String why) {
    assertThatThrownBy(() -> at(moment).connect())
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(sqlState))
        .hasMessageContaining(why);
  }

  private int views() {
    return product.status().path("pools").path("views").asInt();
  }

  @Test
  void viewsEndWithTheLifeThatTheyShowAndWithItsPassword() throws SQLException {
    assertEnds(() -> product.newPassword(BRANCH));
    assertEnds(() -> product.restore(BRANCH, before));
  }

  private void assertEnds(Runnable end) throws SQLException {
    Connection view = at(before).connect();
    assertThat(views()).isEqualTo(1);
    end.run();
    assertThat(views()).isZero();
    assertThatThrownBy(() -> Sql.texts(view, "SELECT 1"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57P01"));
  }
}
