package dev.anabranch.trials.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.trials.LiveServer;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a branch has changed since its fork, and what main has, told row by row. */
@Tag("postgres")
final class DiffTest {

  private static final String BRANCH = "differing";
  private static final String OTHER = "applied-to";

  private final Product product = LiveServer.shared().product();

  @BeforeEach
  void tables() throws SQLException {
    onMain("CREATE SCHEMA diff");
    onMain("CREATE TABLE diff.item (id int PRIMARY KEY, n int, note text)");
    onMain("INSERT INTO diff.item SELECT i, 10 * i, 'note ' || i FROM generate_series(1, 20) i");
    onMain("CREATE TABLE diff.line (item int, text text)");
    onMain("INSERT INTO diff.line VALUES (1, 'a'), (1, 'a'), (2, NULL)");
    onMain(
        "CREATE TABLE diff.price (id int PRIMARY KEY, net int, gross int GENERATED ALWAYS AS (net *"
            + " 2) VIRTUAL, label text)");
    onMain("INSERT INTO diff.price (id, net, label) VALUES (1, 5, 'one'), (2, 6, 'two')");
    create(BRANCH);
  }

  @AfterEach
  void remove() throws SQLException {
    for (JsonNode branch : product.branches()) {
      String name = branch.get("name").asString();
      if (name.equals(BRANCH) || name.equals(OTHER)) {
        product.delete(name);
      }
    }
    onMain("DROP SCHEMA diff CASCADE");
  }

  private void create(String name) {
    product.create(name, Product.Wish.now());
  }

  private void onMain(String sql) throws SQLException {
    try (Connection main = product.main().connect()) {
      Sql.run(main, sql);
    }
  }

  private void onBranch(String... statements) throws SQLException {
    try (Connection branch = product.branch(BRANCH).connect()) {
      Sql.run(branch, List.of(statements));
    }
  }

  /** Sign, key, what was and is, of each row. */
  private static List<String> rows(JsonNode diff) {
    List<String> rows = new ArrayList<>();
    for (JsonNode table : diff.get("tables")) {
      for (JsonNode row : table.path("rows")) {
        rows.add(
            table.get("table").asString()
                + " "
                + row.get("kind").asString()
                + " "
                + row.get("key")
                + " "
                + row.get("before")
                + " "
                + row.get("after"));
      }
    }
    return rows;
  }

  private static String notes(JsonNode diff) {
    StringBuilder notes = new StringBuilder();
    for (JsonNode table : diff.get("summary")) {
      if (table.has("note")) {
        notes.append(table.get("table").asString()).append(": ");
        notes.append(table.get("note").asString()).append('\n');
      }
    }
    return notes.toString();
  }

  @Test
  void theBranchesOwnRowsAreToldOnceAsWhatTheyCameTo() throws SQLException {
    assertThat(rows(product.diff(BRANCH, "rows"))).isEmpty();
    onBranch(
        "UPDATE diff.item SET n = 11, note = NULL WHERE id = 1",
        "UPDATE diff.item SET n = 12 WHERE id = 1",
        "UPDATE diff.item SET n = 0 WHERE id = 2",
        "UPDATE diff.item SET n = 20 WHERE id = 2",
        "INSERT INTO diff.item VALUES (100, 1, 'it''s new')",
        "INSERT INTO diff.item VALUES (101, 1, 'gone again')",
        "DELETE FROM diff.item WHERE id IN (3, 101)",
        "UPDATE diff.item SET id = 40 WHERE id = 4",
        "INSERT INTO diff.line VALUES (1, 'a')",
        "DELETE FROM diff.line WHERE item = 2",
        "UPDATE diff.price SET net = 7 WHERE id = 1",
        "DELETE FROM diff.price WHERE id = 2");
    JsonNode diff = product.diff(BRANCH, "rows");
    assertThat(rows(diff))
        .containsExactly(
            "diff.item update {\"id\":\"1\"} {\"id\":\"1\",\"n\":\"10\",\"note\":\"note 1\"}"
                + " {\"id\":\"1\",\"n\":\"12\",\"note\":null}",
            "diff.item insert {\"id\":\"100\"} null {\"id\":\"100\",\"n\":\"1\",\"note\":\"it's"
                + " new\"}",
            "diff.item delete {\"id\":\"3\"} {\"id\":\"3\",\"n\":\"30\",\"note\":\"note 3\"} null",
            "diff.item delete {\"id\":\"4\"} {\"id\":\"4\",\"n\":\"40\",\"note\":\"note 4\"} null",
            "diff.item insert {\"id\":\"40\"} null {\"id\":\"40\",\"n\":\"40\",\"note\":\"note"
                + " 4\"}",
            "diff.line insert {} null {\"item\":\"1\",\"text\":\"a\"}",
            "diff.line delete {} {\"item\":\"2\",\"text\":null} null",
            "diff.price update {\"id\":\"1\"} {\"id\":\"1\",\"net\":\"5\",\"label\":\"one\"}"
                + " {\"id\":\"1\",\"net\":\"7\",\"label\":\"one\"}",
            "diff.price delete {\"id\":\"2\"} {\"id\":\"2\",\"net\":\"6\",\"label\":\"two\"} null");
    JsonNode item = diff.get("summary").get(0);
    assertThat(item.get("inserted").asInt()).isEqualTo(2);
    assertThat(item.get("updated").asInt()).isEqualTo(1);
    assertThat(item.get("deleted").asInt()).isEqualTo(2);
    JsonNode first = diff.get("tables").get(0).get("rows").get(0);
    assertThat(first.get("units")).hasSize(2);
    String unit = first.get("units").get(1).toString();
    assertThat(rows(product.diff(BRANCH, "rows&unit=" + unit)))
        .containsExactly(
            "diff.item update {\"id\":\"1\"} {\"id\":\"1\",\"n\":\"11\",\"note\":null}"
                + " {\"id\":\"1\",\"n\":\"12\",\"note\":null}");
    assertThat(rows(product.diff(BRANCH, "rows&table=diff.line&kind=delete"))).hasSize(1);
    assertThat(product.diff(BRANCH, "table=diff.line").get("tables").get(0).has("rows")).isFalse();
  }

  @Test
  void whatHasLandedIsSaidSoOrLeftOut() throws SQLException {
    onBranch("UPDATE diff.item SET n = 1 WHERE id = 1");
    product.promote(BRANCH, false, List.of());
    onBranch("UPDATE diff.item SET n = 2 WHERE id = 1");
    JsonNode all = product.diff(BRANCH, "rows");
    assertThat(all.get("landed")).hasSize(1);
    assertThat(rows(all).getFirst()).contains("\"n\":\"10\"", "\"n\":\"2\"");
    assertThat(rows(product.diff(BRANCH, "rows&pending")).getFirst())
        .contains("\"n\":\"1\"", "\"n\":\"2\"");
  }

  @Test
  void mainsRowsAreToldBesideTheForkPoint() throws SQLException {
    onMain("UPDATE diff.item SET n = 11 WHERE id = 1");
    onMain("UPDATE diff.item SET n = 0 WHERE id = 2");
    onMain("UPDATE diff.item SET n = 20 WHERE id = 2");
    onMain("INSERT INTO diff.item VALUES (100, 1, 'new')");
    onMain("DELETE FROM diff.item WHERE id = 3");
    onMain("INSERT INTO diff.line VALUES (5, 'x')");
    onMain("TRUNCATE diff.price");
    onMain("CREATE TABLE diff.later (id int PRIMARY KEY)");
    onBranch("UPDATE diff.item SET n = 99 WHERE id = 9");
    JsonNode diff = product.diff(BRANCH, "behind&rows");
    assertThat(rows(diff))
        .containsExactly(
            "diff.item update {\"id\":\"1\"} {\"id\":\"1\",\"n\":\"10\",\"note\":\"note 1\"}"
                + " {\"id\":\"1\",\"n\":\"11\",\"note\":\"note 1\"}",
            "diff.item insert {\"id\":\"100\"} null"
                + " {\"id\":\"100\",\"n\":\"1\",\"note\":\"new\"}",
            "diff.item delete {\"id\":\"3\"} {\"id\":\"3\",\"n\":\"30\",\"note\":\"note 3\"}"
                + " null");
    assertThat(notes(diff))
        .contains("diff.later: made on main since the fork")
        .contains("diff.line: ")
        .contains("diff.price: changed in a way that is not told by rows");
  }

  @Test
  void definitionsAreComparedByWhatTheyAreAndNotByName() throws SQLException {
    onBranch(
        "ALTER TABLE diff.item RENAME COLUMN note TO remark",
        "ALTER TABLE diff.item ADD COLUMN size numeric(8,2) NOT NULL DEFAULT 0",
        "CREATE INDEX by_n ON diff.item (n)",
        "ALTER TABLE diff.item ADD CONSTRAINT positive CHECK (n >= 0)",
        "CREATE VIEW diff.large AS SELECT id FROM diff.item WHERE n > 100",
        "CREATE TABLE diff.made (id int PRIMARY KEY, at date)",
        "CREATE TYPE diff.mood AS ENUM ('good', 'bad')",
        "GRANT SELECT ON diff.item TO pg_monitor",
        "DROP TABLE diff.line",
        "UPDATE diff.item SET size = 3 WHERE id = 1");
    JsonNode diff = product.diff(BRANCH, "schema&rows");
    List<String> changes = new ArrayList<>();
    for (JsonNode change : diff.get("schema")) {
      changes.add(
          change.get("kind").asString()
              + " "
              + change.get("object").asString()
              + ": "
              + change.get("before")
              + " → "
              + change.get("after"));
    }
    assertThat(changes)
        .containsExactly(
            "type diff.mood: null → \"CREATE TYPE diff.mood AS ENUM ('good', 'bad')\"",
            "table diff.made: null → \"CREATE TABLE diff.made (id integer NOT NULL, at date)\"",
            "column diff.item.remark: \"note text\" → \"remark text\"",
            "column diff.item.size: null → \"size numeric(8,2) DEFAULT 0 NOT NULL\"",
            "constraint made_pkey on diff.made: null → \"ALTER TABLE diff.made ADD CONSTRAINT"
                + " made_pkey PRIMARY KEY (id)\"",
            "constraint positive on diff.item: null → \"ALTER TABLE diff.item ADD CONSTRAINT"
                + " positive CHECK ((n >= 0))\"",
            "index diff.by_n: null → \"CREATE INDEX by_n ON diff.item USING btree (n)\"",
            "view diff.large: null → \"CREATE VIEW diff.large AS\\n SELECT id\\n   FROM"
                + " diff.item\\n  WHERE (n > 100);\"",
            "grant TABLE diff.item to pg_monitor: null → \"GRANT SELECT ON TABLE diff.item TO"
                + " pg_monitor\"",
            "table diff.line: \"CREATE TABLE diff.line (item integer, text text)\" → null");
    assertThat(rows(diff))
        .containsExactly(
            "diff.item update {\"id\":\"1\"}"
                + " {\"id\":\"1\",\"n\":\"10\",\"remark\":\"note 1\",\"size\":\"0.00\"}"
                + " {\"id\":\"1\",\"n\":\"10\",\"remark\":\"note 1\",\"size\":\"3.00\"}");
    assertThat(refusal("table=diff.line")).contains("AB-522");
    onMain("ALTER TABLE diff.item ALTER COLUMN n SET NOT NULL");
    JsonNode behind = product.diff(BRANCH, "behind&schema").get("schema");
    assertThat(behind).hasSize(1);
    assertThat(behind.get(0).get("after").asString()).isEqualTo("n integer NOT NULL");
  }

  @Test
  void whatCantBeToldIsSaid() throws SQLException {
    onBranch("TRUNCATE diff.line", "INSERT INTO diff.line VALUES (9, 'after')");
    JsonNode diff = product.diff(BRANCH, "rows");
    assertThat(notes(diff)).contains("diff.line: emptied by TRUNCATE in unit");
    assertThat(rows(diff)).hasSize(1);
    assertThat(refusal("table=nothing")).contains("AB-521");
    assertThat(refusal("unit=0")).contains("AB-524");
    assertThat(refusal("kind=upsert")).contains("AB-702");
    assertThat(refusal("behind&unit=1")).contains("AB-702");
    assertThatThrownBy(() -> product.diff("nobody", "")).hasMessageContaining("AB-103");
  }

  private String refusal(String query) {
    try {
      product.diff(BRANCH, query);
      return "no refusal";
    } catch (Product.Refused e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void itsStatementsBringTheForkToTheBranch() throws SQLException {
    create(OTHER);
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 60; i++) {
      try {
        onBranch(anything(random));
      } catch (SQLException e) {
        assertThat(e.getSQLState()).as("seed " + seed).isEqualTo("23505");
      }
    }
    String sql = product.diffText(BRANCH, "format=sql");
    try (Connection other = product.branch(OTHER).connect();
        Connection branch = product.branch(BRANCH).connect()) {
      Sql.run(other, sql);
      for (String query :
          List.of(
              "SELECT i::text FROM diff.item i ORDER BY id",
              "SELECT l::text FROM diff.line l ORDER BY 1",
              "SELECT p::text FROM diff.price p ORDER BY id")) {
        assertThat(Sql.texts(other, query))
            .as("seed " + seed + "\n" + sql)
            .isEqualTo(Sql.texts(branch, query));
      }
    }
    String csv = product.diffText(BRANCH, "format=csv");
    assertThat(csv).startsWith("table,kind,key,before,after,units\n");
  }

  private static String anything(Random random) {
    int id = 1 + random.nextInt(30);
    int n = random.nextInt(100);
    String text =
        List.of("'it''s'", "E'back\\\\slash'", "NULL", "'line\nbreak, \"quoted\"'", "''")
            .get(random.nextInt(5));
    return switch (random.nextInt(10)) {
      case 0 -> "INSERT INTO diff.item VALUES (" + id + ", -" + n + ", " + text + ")";
      case 1 -> "DELETE FROM diff.item WHERE id = " + id;
      case 2 -> "UPDATE diff.item SET id = " + (1 + random.nextInt(30)) + " WHERE id = " + id;
      case 3 -> "UPDATE diff.item SET n = " + n + ", note = " + text + " WHERE id >= " + id;
      case 4 -> "INSERT INTO diff.line VALUES (" + id + ", " + text + ")";
      case 5 -> "DELETE FROM diff.line WHERE item = " + id;
      case 6 -> "UPDATE diff.line SET text = " + text + " WHERE item < 3";
      case 7 -> "INSERT INTO diff.price (id, net, label) VALUES (" + id + ", 1, " + text + ")";
      case 8 -> "UPDATE diff.price SET label = " + text + " WHERE id = " + (1 + random.nextInt(2));
      default -> "DELETE FROM diff.price WHERE id = " + id;
    };
  }
}
