package dev.anabranch.trials.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.cluster.Trees;
import dev.anabranch.server.Anabranch;
import dev.anabranch.server.settings.Settings;
import dev.anabranch.testkit.TemporaryPostgres;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import dev.anabranch.trials.drive.Verdicts;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Work that has landed is main's: what main makes of it afterwards is seen, and counted once. */
@Tag("postgres")
final class LandedWorkTest {

  private static final String BRANCH = "landed";
  private static final AtomicReference<Traps> SPRUNG = new AtomicReference<>(Traps.NONE);

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static Path home;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static Anabranch server;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static Product product;

  @BeforeAll
  static void start() throws IOException {
    home = TemporaryPostgres.temporaryDirectory("anabranch-landed-");
    server = new Anabranch(Settings.inDirectory(home.resolve("data")), step -> {}, SPRUNG::get);
    product = Product.of(server.start());
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    Trees.delete(home);
  }

  @BeforeEach
  void tables() throws SQLException {
    onMain(
        "CREATE TABLE o (id serial PRIMARY KEY, c text, s text)",
        "INSERT INTO o (c, s) VALUES ('vip', 'open'), ('vip', 'open'), ('vip', 'open')",
        "CREATE TABLE note (id int PRIMARY KEY, t text)",
        "CREATE TABLE item (o_id int REFERENCES o, n int, x text, PRIMARY KEY (o_id, n))");
    product.create(BRANCH, Product.Wish.now().thrownAway());
  }

  @AfterEach
  void remove() throws SQLException {
    SPRUNG.set(Traps.NONE);
    product.delete(BRANCH);
    onMain("DROP TABLE o, note, item");
  }

  private static void onMain(String... statements) throws SQLException {
    try (Connection main = product.main().connect()) {
      Sql.run(main, List.of(statements));
    }
  }

  private static void onBranch(String... statements) throws SQLException {
    try (Connection branch = product.branch(BRANCH).connect()) {
      for (String statement : statements) {
        if (statement.startsWith("/*")) {
          Sql.ask(branch, statement);
        } else {
          Sql.run(branch, statement);
        }
      }
    }
  }

  private static String verdict(String label) {
    return Verdicts.of(product.check(BRANCH)).labelled(label).getFirst().verdict();
  }

  private static int promote() {
    return product.promote(BRANCH, false, List.of()).get("units").get("landed").asInt();
  }

  private void shipAndLand() throws SQLException {
    onBranch("UPDATE o SET s = 'shipped' WHERE id = 1", "/* ship */ SELECT s FROM o WHERE id = 1");
    assertThat(promote()).isEqualTo(1);
    assertThat(verdict("ship")).isEqualTo("holds");
    onMain("UPDATE o SET s = 'open' WHERE id = 1");
  }

  @Test
  void whatMainSetsBackIsSeen() throws SQLException {
    shipAndLand();

    assertThat(verdict("ship")).isEqualTo("changed");
    onBranch("INSERT INTO note VALUES (1, 'shipped, so told the customer')");
    assertThat(promote()).isZero();
  }

  @Test
  void theMistakeIsSeen() throws SQLException {
    SPRUNG.set(Traps.of(Trap.LAY_OVER_LANDED));
    shipAndLand();

    assertThat(verdict("ship")).isEqualTo("holds");
  }

  @Test
  void aRowUnderAnotherKeyIsCountedOnce() throws SQLException {
    onBranch(
        "INSERT INTO o (c, s) VALUES ('vip', 'open')",
        "/* count */ SELECT count(*) FROM o WHERE c = 'vip'");
    onMain("SELECT setval('o_id_seq', 100)");
    assertThat(promote()).isEqualTo(1);
    assertThat(verdict("count")).isEqualTo("holds");

    onBranch("UPDATE o SET c = 'gone' WHERE id > 3", "/* after */ SELECT count(*) FROM o");
    assertThat(verdict("after")).isEqualTo("holds");

    onMain("DELETE FROM o WHERE id = 1");
    assertThat(verdict("count")).isEqualTo("changed");
    assertThat(verdict("after")).isEqualTo("changed");
  }

  /** A row that the branch has made, and its numbers. */
  private record Made(String onBranch, String onMain) {
    /** Statements with the branch's number. */
    String[] branch(String... statements) {
      return Stream.of(statements).map(one -> one.replace("$n", onBranch)).toArray(String[]::new);
    }

    /** Statements of main: {@code $n} is the same row, {@code $other} the one of that number. */
    String[] asMain(String... statements) {
      return Stream.of(statements)
          .map(one -> one.replace("$n", onMain).replace("$other", onBranch))
          .toArray(String[]::new);
    }
  }

  /** Somebody else has made a row of the branch's number on main. */
  private static Made landUnderAnotherKey(String other) throws SQLException {
    onBranch("INSERT INTO o (c, s) VALUES ('new', 'open')");
    String number;
    try (Connection branch = product.branch(BRANCH).connect()) {
      Sql.run(branch, "SET anabranch.task = 'to know'");
      number = Sql.texts(branch, "SELECT max(id) FROM o").getFirst();
    }
    onMain(
        "SELECT setval('o_id_seq', " + number + ", false)",
        "INSERT INTO o (c, s) VALUES ('" + other + "', 'open')");
    assertThat(promote()).isEqualTo(1);
    try (Connection main = product.main().connect()) {
      Made made = new Made(number, Sql.texts(main, "SELECT max(id) FROM o").getFirst());
      assertThat(made.onMain()).isNotEqualTo(made.onBranch());
      return made;
    }
  }

  @Test
  void aRowThatNamesOneUnderAnotherKeyNamesThatOne() throws SQLException {
    Made made = landUnderAnotherKey("new");
    onBranch(
        made.branch(
            "INSERT INTO item VALUES ($n, 1, 'book')",
            "/* items */ SELECT c FROM item JOIN o ON o.id = o_id",
            "/* number */ SELECT o_id FROM item"));
    assertThat(verdict("number")).isEqualTo("changed");
    onMain(made.asMain("UPDATE o SET c = 'gone' WHERE id = $n"));
    assertThat(verdict("items")).isEqualTo("changed");

    onMain(
        made.asMain(
            "UPDATE o SET c = 'new' WHERE id = $n",
            "UPDATE o SET c = 'gone' WHERE id = $other",
            "INSERT INTO item VALUES ($other, 2, 'of somebody else')"));
    assertThat(promote()).isEqualTo(1);
    try (Connection main = product.main().connect()) {
      assertThat(Sql.texts(main, made.asMain("SELECT x FROM item WHERE o_id = $n AND n = 1")[0]))
          .containsExactly("book");
    }
  }

  @Test
  void theSameNumberOfAnotherRowProvesNothing() throws SQLException {
    Made made = landUnderAnotherKey("new");
    onBranch(
        made.branch(
            "SET anabranch.task = 'ask'",
            "/* mine */ SELECT c FROM o WHERE id = $n",
            "SET anabranch.task = 'ship'",
            "UPDATE o SET s = 'shipped' WHERE id = $n AND c = 'new'"));
    onMain(made.asMain("UPDATE o SET c = 'gone' WHERE id = $n"));
    assertThat(verdict("mine")).isEqualTo("undecided");
    assertThat(promote()).isZero();

    SPRUNG.set(Traps.of(Trap.CONFUSE_NUMBERS));
    assertThat(promote()).isEqualTo(1);
  }

  @Test
  void whatItDidToItsOwnRowUnderAnotherKeyLands() throws SQLException {
    Made made = landUnderAnotherKey("old");
    onBranch(
        made.branch(
            "/* mine */ SELECT id FROM o WHERE c = 'new'",
            "INSERT INTO item VALUES ($n, 1, 'book')",
            "UPDATE item SET x = 'two books' WHERE o_id = $n",
            "UPDATE o SET s = 'shipped' WHERE id = $n AND c = 'new'"));
    onMain(made.asMain("UPDATE o SET c = 'gone' WHERE id = $other"));
    assertThat(verdict("mine")).isEqualTo("changed");
    assertThat(promote()).isEqualTo(3);
  }

  @Test
  void itsOwnLandedWorkHoldsNothing() throws SQLException {
    onBranch("/* all */ SELECT count(*) FROM o", "INSERT INTO o (c, s) VALUES ('new', 'open')");
    assertThat(promote()).isEqualTo(1);
    assertThat(verdict("all")).isEqualTo("changed");
    onBranch("INSERT INTO note VALUES (1, 'there were three')");
    assertThat(promote()).isEqualTo(1);

    onMain("INSERT INTO o (c, s) VALUES ('vip', 'open')");
    onBranch("INSERT INTO note VALUES (2, 'there were three')");
    assertThat(promote()).isZero();

    SPRUNG.set(Traps.of(Trap.ALL_IS_OWN_WORK));
    assertThat(promote()).isEqualTo(1);
  }

  @Test
  void whatMainChangedBelowItsOwnLandedWorkHolds() throws SQLException {
    onBranch(
        "SET anabranch.task = 'read'",
        "/* open */ SELECT c FROM o WHERE s = 'open' AND id = 1",
        "SET anabranch.task = 'ship'",
        "UPDATE o SET s = 'shipped' WHERE id = 1");
    onMain("UPDATE o SET c = 'gone' WHERE id = 1");
    assertThat(promote()).isEqualTo(1);
    onBranch("SET anabranch.task = 'read'", "INSERT INTO note VALUES (1, 'one of a vip is open')");
    assertThat(promote()).isZero();
  }

  @Test
  void aLaterRowNamesTheRowByTheKeyThatItHasOnMain() throws SQLException {
    onBranch("INSERT INTO o (c, s) VALUES ('new', 'open')");
    onMain(
        "SELECT setval('o_id_seq', 100)",
        "INSERT INTO o SELECT i, 'of somebody else', 'open' FROM generate_series(4, 99) AS i");
    assertThat(promote()).isEqualTo(1);
    String number;
    try (Connection branch = product.branch(BRANCH).connect()) {
      Sql.run(branch, "SET anabranch.task = 'to know'");
      number = Sql.texts(branch, "SELECT max(id) FROM o").getFirst();
    }
    onBranch("INSERT INTO item VALUES (" + number + ", 1, 'book')");
    assertThat(promote()).isEqualTo(1);
    try (Connection main = product.main().connect()) {
      assertThat(Sql.texts(main, "SELECT c FROM item JOIN o ON o.id = o_id"))
          .containsExactly("new");
    }
  }

  @Test
  void workOfManyRoundsLands() throws SQLException {
    for (int round = 1; round <= 3; round++) {
      onBranch(
          "SET anabranch.task = 'round " + round + "'",
          "/* asked-" + round + " */ SELECT c FROM o WHERE id = " + round,
          "INSERT INTO note VALUES (" + round + ", 'seen')");
      onMain("UPDATE o SET s = 'moved " + round + "' WHERE id = 1");

      assertThat(verdict("asked-" + round)).isEqualTo("holds");
      assertThat(promote()).isEqualTo(1);
    }
    onBranch("/* all */ SELECT count(*) FROM note");
    assertThat(verdict("all")).isEqualTo("holds");
    onMain("DELETE FROM note WHERE id = 2");
    assertThat(verdict("all")).isEqualTo("changed");
  }
}
