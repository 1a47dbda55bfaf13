package dev.anabranch.trials.cycles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.testkit.TemporaryPostgres;
import dev.anabranch.trials.cycles.Copies.Stock;
import dev.anabranch.trials.cycles.History.Transaction;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The judge is judged first, without the product: a branch is a plain copy of main, and everything
 * is said to land.
 */
@Tag("postgres")
final class JudgementTest {

  private static final String SCHEMA = "judged";

  private static Copies copies;
  private static Address main;
  private static Contents.Layout layout;

  @BeforeAll
  static void layTables() throws SQLException {
    TemporaryPostgres postgres = TemporaryPostgres.shared();
    postgres.execute("CREATE DATABASE judged_main");
    main = Address.parse(postgres.url("judged_main"));
    try (Connection connection = main.connect()) {
      Sql.run(connection, Shop.tables(SCHEMA));
      Sql.run(connection, Shop.rows(SCHEMA));
      layout = Contents.layout(connection, SCHEMA);
    }
    copies = new Copies(Address.parse(postgres.url("postgres")), "judged", SCHEMA);
  }

  @AfterAll
  static void dropTables() throws SQLException {
    copies.close();
  }

  /** No kind of program is held against by its own execution. */
  @Test
  void whileMainStandsStillAllWorkShouldLand() throws SQLException {
    for (int kind = 0; kind < Programs.KINDS; kind++) {
      Program program = new Programs(new SplittableRandom(kind), SCHEMA).of(kind);
      Judged judged = judge(program, "INSERT INTO noise (t) VALUES ('n')");
      assertThat(judged.wrongs).as(program.kind()).isEmpty();
      assertThat(judged.should).as(program.kind()).containsExactlyElementsOf(judged.units);
    }
  }

  /** What nobody records is found out by executing it again. */
  @ParameterizedTest
  @CsvSource(
      delimiterString = ">>",
      textBlock =
          """
          optimistic lock                        >> UPDATE acct SET ver = 2
          decrement                              >> UPDATE acct SET bal = bal - 1
          if paid                                >> UPDATE acct SET paid = NOT paid
          insert select                          >> INSERT INTO ord (tag) VALUES ('m')
          upsert                                 >> INSERT INTO mail (email) SELECT 'e' || i FROM generate_series(3, 6) i; DELETE FROM mail WHERE email < 'e3'
          no row, other path                     >> UPDATE acct SET bal = 150 - bal
          refused, other path                    >> DELETE FROM mail; INSERT INTO mail (email) SELECT 'e' || i FROM generate_series(3, 6) i
          trigger reads a price                  >> UPDATE price SET p = p + 1
          returning                              >> UPDATE price SET p = p + 1
          booking in a period                    >> UPDATE period SET open = false
          pool: read in one, write in another    >> UPDATE acct SET bal = bal - 1
          tenant by a function                   >> INSERT INTO judged_a.goods VALUES (2, 'x')
          temporary table by a function          >> INSERT INTO price VALUES ('d', 40)
          rolled back and told                   >> UPDATE cnt SET n = n + 1
          select that writes                     >> UPDATE cnt SET n = n + 1
          call                                   >> UPDATE acct SET paid = NOT paid
          do                                     >> UPDATE price SET p = 40 - p
          merge                                  >> UPDATE price SET p = p + 1
          update from                            >> UPDATE price SET p = p + 1
          update by subquery                     >> UPDATE acct SET bal = bal - 1
          delete where not exists                >> UPDATE job SET state = 'done'
          zone after parse                       >> INSERT INTO ord (tag, qty, total, placed) VALUES ('m', 2, 1, '2001-01-01 02:00+00')
          row security by a role                 >> GRANT cycles_lead TO cycles_clerk
          snapshot taken over                    >> INSERT INTO acct VALUES (104, 100, 1, true, 'x')
          column read after own row              >> UPDATE wide SET c = 'z' WHERE id = 1
          marked prices                          >> UPDATE price SET note = 'marked' WHERE sku = 'b'
          dates in another order                 >> UPDATE price SET p = p + 1
          rolled back to a savepoint and told    >> UPDATE acct SET paid = NOT paid
          """)
  void workOnAPremiseThatIsGoneIsFoundOut(String kind, String move) throws SQLException {
    Judged judged = judge(program(kind), move.split("; "));

    assertThat(judged.wrongs).isNotEmpty();
    assertThat(judged.wrongs.getFirst().nature()).isEqualTo(Wrong.Nature.PREMISE_GONE);
    assertThat(judged.should).hasSizeLessThan(judged.units.size());
  }

  private static Program program(String kind) {
    return IntStream.range(0, Programs.KINDS)
        .mapToObj(number -> new Programs(new SplittableRandom(1), SCHEMA).of(number))
        .filter(program -> program.kind().equals(kind))
        .findFirst()
        .orElseThrow();
  }

  private record Judged(List<Transaction> units, Set<Transaction> should, List<Wrong> wrongs) {}

  private static Judged judge(Program program, String... moves) throws SQLException {
    Numbers numbers = new Numbers();
    History history = new History();
    List<Transaction> committed = new ArrayList<>();
    Address branch = copies.make(stock(main));
    try (Work work = new Work(branch, SCHEMA, layout, history, committed, numbers)) {
      work.play(List.of(program), 1);
    } finally {
      copies.giveBack(branch);
    }
    Address moved = copies.make(stock(main));
    try (Connection connection = moved.connect()) {
      Sql.run(connection, "SET search_path = " + SCHEMA);
      Sql.run(connection, List.of(moves));
      Stock now = Stock.take(connection, SCHEMA);
      Judgement judgement = new Judgement(copies, SCHEMA, layout, numbers);
      List<Transaction> units = history.units(committed);
      Facts replayed = judgement.after(now, history.all());
      return new Judged(
          units,
          judgement.shouldLand(now, history.all()),
          judgement.landing(
              now, history.all(), new LinkedHashSet<>(units), Set.of(), List.of(), replayed));
    } finally {
      copies.giveBack(moved);
    }
  }

  private static Stock stock(Address database) throws SQLException {
    try (Connection connection = database.connect()) {
      return Stock.take(connection, SCHEMA);
    }
  }
}
