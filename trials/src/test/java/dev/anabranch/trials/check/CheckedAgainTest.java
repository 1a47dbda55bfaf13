package dev.anabranch.trials.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Lsn;
import dev.anabranch.trials.LiveServer;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A check that finds nothing new says the same again; one that does says what is new. */
@Tag("postgres")
final class CheckedAgainTest {

  private static final String BRANCH = "again";

  private final Product product = LiveServer.shared().product();
  private Connection branch;

  @BeforeEach
  void ask() throws SQLException {
    product
        .main()
        .run(
            "CREATE SCHEMA again",
            "CREATE TABLE again.t (id int PRIMARY KEY, v int)",
            "INSERT INTO again.t VALUES (1, 10), (2, 20)",
            "CREATE TABLE again.elsewhere (id int PRIMARY KEY)");
    branch = product.create(BRANCH, Product.Wish.now().thrownAway()).connect();
    Sql.texts(branch, "SELECT * FROM again.t WHERE id = 1");
    Sql.texts(branch, "SELECT avg(v) FROM again.t");
  }

  @AfterEach
  void clean() throws SQLException {
    branch.close();
    product.delete(BRANCH);
    product.main().run("DROP SCHEMA again CASCADE");
  }

  private JsonNode check() {
    return product.check(BRANCH);
  }

  private static Lsn asOf(JsonNode check) {
    return Lsn.parse(check.path("asOf").asString());
  }

  private static String verdict(JsonNode check, int answer) {
    return check.path("answers").get(answer).path("verdict").asString();
  }

  @Test
  void nothingNewIsTheSameAtALaterPosition() throws SQLException {
    JsonNode first = check();
    check();
    product.main().run("INSERT INTO again.elsewhere VALUES (1)");
    JsonNode second = check();
    JsonNode third = check();
    assertThat(asOf(third)).isGreaterThanOrEqualTo(asOf(second)).isGreaterThan(asOf(first));
    assertThat(third.path("answers")).isEqualTo(second.path("answers"));
    assertThat(verdict(third, 0)).isEqualTo("holds");
  }

  @Test
  void whatMainChangesIsSeenEachTime() throws SQLException {
    check();
    check();
    product.main().run("UPDATE again.t SET v = 11 WHERE id = 1");
    assertThat(verdict(check(), 0)).isEqualTo("changed");
    JsonNode changed = check();
    assertThat(verdict(changed, 0)).isEqualTo("changed");
    assertThat(changed.path("answers").get(1).path("now").toString()).contains("15.5");
    product.main().run("UPDATE again.t SET v = 12 WHERE id = 1");
    assertThat(check().path("answers").get(0).path("now").toString()).contains("12");
    product.main().run("UPDATE again.t SET v = 10 WHERE id = 1");
    check();
    JsonNode back = check();
    assertThat(verdict(back, 0)).isEqualTo("holds");
    assertThat(verdict(back, 1)).isEqualTo("holds");
  }

  @Test
  void definitionsAndWholeTablesAreSeen() throws SQLException {
    check();
    check();
    product.main().run("ALTER TABLE again.t ADD COLUMN more int");
    assertThat(verdict(check(), 0)).isNotEqualTo("holds");
    product.main().run("ALTER TABLE again.t DROP COLUMN more");
    check();
    product.main().run("TRUNCATE again.t");
    JsonNode emptied = check();
    assertThat(verdict(emptied, 0)).isNotEqualTo("holds");
    assertThat(verdict(check(), 1)).isEqualTo(verdict(emptied, 1));
  }

  @Test
  void whatTheBranchDoesIsSeen() throws SQLException {
    check();
    check();
    Sql.texts(branch, "SELECT v FROM again.t WHERE id = 2");
    assertThat(check().path("answers").size()).isEqualTo(3);
    check();
    Sql.texts(branch, "UPDATE again.t SET v = v + 1 WHERE id = 2 RETURNING v");
    JsonNode written = check();
    assertThat(written.path("answers").size()).isEqualTo(4);
    check();
    product.main().run("UPDATE again.t SET v = 30 WHERE id = 2");
    assertThat(verdict(check(), 3)).isNotEqualTo("holds");
    assertThat(verdict(check(), 3)).isNotEqualTo("holds");
  }
}
