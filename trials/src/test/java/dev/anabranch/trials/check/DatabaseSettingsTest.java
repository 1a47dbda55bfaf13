package dev.anabranch.trials.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.trials.LiveServer;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import dev.anabranch.trials.drive.Verdicts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A whole life on a main whose database sets what every session begins with. */
@Tag("postgres")
final class DatabaseSettingsTest {

  private static final String BRANCH = "begun";

  private final Product product = LiveServer.shared().product();
  private final String database = product.main().database();

  @BeforeEach
  void layBase() throws SQLException {
    product
        .main()
        .run(
            "CREATE SCHEMA begun",
            "CREATE TABLE begun.t (id int PRIMARY KEY, iv interval, b bytea, d date, f float8, a"
                + " text[], tx text, n numeric)",
            "INSERT INTO begun.t SELECT i, '-1 years -2 mons +3 days -04:05:06.789', '\\x5c00ff27',"
                + " '2026-02-03', 0.1::float8 + 0.2::float8, ARRAY[NULL, 'NULL', 'null', 'a\\b'],"
                + " 'back\\slash', 1 FROM generate_series(1, 3) i",
            "INSERT INTO begun.t (id) VALUES (4)");
  }

  @AfterEach
  void clean() throws SQLException {
    product.delete(BRANCH);
    product
        .main()
        .run("ALTER DATABASE \"" + database + "\" RESET ALL", "DROP SCHEMA begun CASCADE");
  }

  private void set(String... settings) throws SQLException {
    for (String setting : settings) {
      product.main().run("ALTER DATABASE \"" + database + "\" SET " + setting);
    }
  }

  @Test
  void everyTransactionIsSerializable() throws SQLException {
    set("default_transaction_isolation = 'serializable'");
    live();
  }

  @Test
  void valuesAreSpelledInOtherWays() throws SQLException {
    set(
        "IntervalStyle = 'sql_standard'",
        "bytea_output = 'escape'",
        "extra_float_digits = -5",
        "array_nulls = off",
        "transform_null_equals = on",
        "quote_all_identifiers = on",
        "TimeZone = 'Asia/Kolkata'",
        "xmloption = 'document'");
    live();
  }

  private void live() throws SQLException {
    try (Connection branch = product.create(BRANCH, Product.Wish.now()).connect()) {
      Sql.texts(
          branch, "/* same */ SELECT iv::text || b::text || d || f FROM begun.t WHERE id = 3");
      Sql.texts(branch, "/* other */ SELECT tx FROM begun.t WHERE id = 2");
      Sql.run(
          branch,
          "UPDATE begun.t SET iv = x.iv, b = x.b, d = x.d, f = x.f, a = x.a, tx = x.tx FROM begun.t"
              + " x WHERE x.id = 1 AND begun.t.id = 4");
      Sql.run(branch, "SET anabranch.task = 'alone'");
      Sql.run(branch, "UPDATE begun.t SET n = 2 WHERE id = 2");
    }
    product.main().run("UPDATE begun.t SET n = 3 WHERE id = 3");
    product.main().run("UPDATE begun.t SET tx = 'other' WHERE id = 2");

    Verdicts verdicts = Verdicts.of(product.check(BRANCH));
    assertThat(verdicts.labelled("same").getFirst().verdict()).isEqualTo("holds");
    assertThat(verdicts.labelled("other").getFirst().verdict()).isEqualTo("changed");
    long other = verdicts.labelled("other").getFirst().id();
    JsonNode promotion = product.promote(BRANCH, false, List.of(other));
    assertThat(promotion.path("outcome").asString()).as(promotion.toString()).isEqualTo("landed");
    assertThat(
            product
                .main()
                .texts(
                    "SELECT (a.iv, a.b, a.d, a.f, a.a, a.tx) IS NOT DISTINCT FROM (b.iv, b.b, b.d,"
                        + " b.f, b.a, b.tx) FROM begun.t a, begun.t b WHERE a.id = 4 AND b.id = 1"))
        .containsExactly("t");
    assertThat(product.main().texts("SELECT n || tx FROM begun.t WHERE id = 2"))
        .containsExactly("2other");
  }
}
