package dev.anabranch.trials.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.anabranch.cluster.Program;
import dev.anabranch.testkit.TemporaryPostgres;
import dev.anabranch.trials.LiveServer;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import dev.anabranch.trials.drive.Verdicts;
import dev.anabranch.trials.soak.Pgbench;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.largeobject.LargeObject;
import org.postgresql.largeobject.LargeObjectManager;
import tools.jackson.databind.JsonNode;

/** What other programs do to a session, or in another part of the protocol. */
@Tag("postgres")
final class OtherClientsTest {

  private static final String BRANCH = "clients";

  private final Product product = LiveServer.shared().product();

  @BeforeEach
  void layBase() throws SQLException {
    product
        .main()
        .run(
            "CREATE SCHEMA clients",
            "CREATE TABLE clients.t (id int PRIMARY KEY, d date, v int)",
            "INSERT INTO clients.t VALUES (1, '2026-02-03', 1), (2, '2026-12-11', 2)",
            "CREATE TABLE clients.doc (id int PRIMARY KEY, content oid)",
            "CREATE TABLE clients.note (id int PRIMARY KEY)");
  }

  @AfterEach
  void clean() throws SQLException {
    product.delete(BRANCH);
    product.main().run("DROP SCHEMA clients CASCADE");
  }

  @Test
  void anotherStyleOfDatesIsTheSessionsOwn() throws Exception {
    Optional<Path> pgbench = Pgbench.find();
    assumeTrue(pgbench.isPresent(), "NOT RUN: there is no pgbench on this machine");
    Address branch = product.create(BRANCH, Product.Wish.now());
    Path script = TemporaryPostgres.temporaryDirectory("anabranch-clients-").resolve("script.sql");
    Files.writeString(
        script,
        """
        /* one */ SELECT d, v FROM clients.t WHERE id = 1;
        /* both */ SELECT d FROM clients.t WHERE d > '01.01.2026' ORDER BY id;
        """);
    for (String mode : List.of("simple", "prepared")) {
      Program.mustRun(
          "asking in another style of dates",
          List.of(
              pgbench.get().toString(),
              "-n",
              "-t",
              "1",
              "-M",
              mode,
              "-f",
              script.toString(),
              branch.url()),
          Map.of("PGDATESTYLE", "German", "PGAPPNAME", "german"));
    }
    try (Connection iso = branch.connect()) {
      Sql.texts(iso, "/* iso */ SELECT v FROM clients.t WHERE id = 1");
      Sql.run(iso, "INSERT INTO clients.note VALUES (1)");
    }
    product.main().run("UPDATE clients.t SET d = '2026-10-12' WHERE id = 2");

    Verdicts verdicts = Verdicts.of(product.check(BRANCH));
    assertThat(verdicts.labelled("one"))
        .hasSize(2)
        .allSatisfy(entry -> {
          assertThat(entry.verdict()).isEqualTo("holds");
          assertThat(entry.was()).isEqualTo(List.of(List.of("03.02.2026", "1")));
        });
    assertThat(verdicts.labelled("both"))
        .hasSize(2)
        .allSatisfy(entry -> {
          assertThat(entry.verdict()).isEqualTo("changed");
          assertThat(entry.now()).isEqualTo(List.of(List.of("03.02.2026"), List.of("12.10.2026")));
        });
    assertThat(verdicts.labelled("iso").getFirst().verdict()).isEqualTo("holds");
    JsonNode promotion = product.promote(BRANCH, false, List.of());
    assertThat(promotion.path("outcome").asString()).as(promotion.toString()).isEqualTo("landed");
  }

  /** As psql's {@code \lo_import} and libpq's {@code lo_creat} do it. */
  @Test
  void aLargeObjectByFunctionCallHoldsItsOwnTransactionAndNoOther() throws Exception {
    Address branch = product.create(BRANCH, Product.Wish.now());
    try (Connection connection = branch.connect(Map.of("ApplicationName", "writer"));
        Connection other = branch.connect(Map.of("ApplicationName", "other"))) {
      connection.setAutoCommit(false);
      LargeObjectManager objects = connection.unwrap(PGConnection.class).getLargeObjectAPI();
      long oid = objects.createLO();
      try (LargeObject object = objects.open(oid, LargeObjectManager.WRITE)) {
        object.write(new byte[] {1, 2, 3});
      }
      Sql.run(connection, "INSERT INTO clients.doc VALUES (1, " + oid + ")");
      connection.commit();
      connection.setAutoCommit(true);
      Sql.texts(connection, "/* after */ SELECT v FROM clients.t WHERE id = 1");
      Sql.texts(other, "/* other */ SELECT v FROM clients.t WHERE id = 1");
      Sql.run(other, "INSERT INTO clients.note VALUES (1)");
    }
    product.main().run("UPDATE clients.t SET v = 20 WHERE id = 2");

    Verdicts verdicts = Verdicts.of(product.check(BRANCH));
    assertThat(verdicts.labelled("after").getFirst().verdict()).isEqualTo("holds");
    assertThat(verdicts.labelled("other").getFirst().verdict()).isEqualTo("holds");
    JsonNode promotion = product.promote(BRANCH, false, List.of());
    assertThat(promotion.path("units").path("landed").asInt())
        .as(promotion.toString())
        .isEqualTo(1);
    assertThat(product.main().texts("SELECT id FROM clients.doc")).isEmpty();
    assertThat(product.main().texts("SELECT id FROM clients.note")).containsExactly("1");
  }
}
