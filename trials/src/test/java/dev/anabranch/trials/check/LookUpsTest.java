package dev.anabranch.trials.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.trials.LiveServer;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import dev.anabranch.trials.drive.Verdicts;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What clients look up about tables is in the ledger, and no answer of a check. */
@Tag("postgres")
final class LookUpsTest {

  private static final String BRANCH = "look-ups";

  private final Product product = LiveServer.shared().product();

  @BeforeEach
  void tables() throws SQLException {
    try (Connection main = product.main().connect()) {
      Sql.run(main, "CREATE TABLE looked_up (id int PRIMARY KEY, name text)");
      Sql.run(main, "INSERT INTO looked_up VALUES (1, 'a')");
    }
  }

  @AfterEach
  void remove() throws SQLException {
    product.delete(BRANCH);
    try (Connection main = product.main().connect()) {
      Sql.run(main, "DROP TABLE looked_up");
    }
  }

  @Test
  void lookUpsAreCountedAndLeftOut() throws SQLException {
    int metadata = 0;
    try (Connection branch = product.create(BRANCH, Product.Wish.now().thrownAway()).connect()) {
      for (int i = 0; i < 8; i++) {
        // Often enough that the driver prepares them and reads binary.
        metadata += count(branch.getMetaData().getColumns(null, "public", "looked_up", null));
        metadata += count(branch.getMetaData().getPrimaryKeys(null, "public", "looked_up"));
      }
      Sql.ask(branch, "SELECT version(), current_schema()");
      Sql.ask(branch, "/* data */ SELECT count(*) FROM looked_up");
      Sql.ask(
          branch,
          "/* both */ SELECT l.name, c.relname FROM looked_up l, pg_class c WHERE c.oid ="
              + " 'looked_up'::regclass");
      Sql.ask(
          branch, "/* statistics */ SELECT tablename FROM pg_stats WHERE tablename = 'looked_up'");
    }

    JsonNode check = product.check(BRANCH);

    assertThat(metadata).isPositive();
    Verdicts verdicts = Verdicts.of(check);
    assertThat(verdicts.answers())
        .extracting(Verdicts.Entry::label, Verdicts.Entry::verdict)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("data", "holds"),
            org.assertj.core.groups.Tuple.tuple("both", "holds"),
            org.assertj.core.groups.Tuple.tuple("statistics", "undecided"));
    assertThat(check.get("counts").toString())
        .isEqualTo("{\"holds\":2,\"changed\":0,\"undecided\":1}");
    int kept = product.answers(BRANCH).size();
    assertThat(check.get("lookUps").asInt()).isEqualTo(kept - 3).isGreaterThanOrEqualTo(17);
  }

  private static int count(ResultSet rows) throws SQLException {
    try (rows) {
      int count = 0;
      while (rows.next()) {
        count++;
      }
      return count;
    }
  }
}
