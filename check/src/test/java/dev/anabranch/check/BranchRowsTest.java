package dev.anabranch.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.schema.SchemaReader;
import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rows of the fork point as they are found on a branch that has gone on. */
@Tag("postgres")
class BranchRowsTest {

  private static final Lsn SOMEWHERE = new Lsn(1);

  private TemporaryPostgres postgres;
  private String database;
  private TableShape shape;

  @BeforeEach
  void create() throws SQLException {
    postgres = TemporaryPostgres.shared();
    database = postgres.freshDatabase();
    postgres.executeIn(
        database,
        "CREATE TABLE t (id int PRIMARY KEY, n int)",
        "INSERT INTO t VALUES (1, 10), (2, 20), (3, 30)");
    try (Connection connection = postgres.connect(database)) {
      shape =
          SchemaReader.read(connection, Lsn.ZERO).relations().values().stream()
              .map(relation -> relation.shape())
              .filter(found -> found.name().equals("t"))
              .findFirst()
              .orElseThrow();
    }
  }

  @AfterEach
  void drop() {
    postgres.execute("DROP DATABASE " + database + " WITH (FORCE)");
  }

  @Test
  void whatIsWrittenWhileTheUnitsAreReadIsNotSeen() throws SQLException {
    try (Connection connection = postgres.connect(database)) {
      Connection snapshot = BranchRows.begin(connection);
      postgres.executeIn(database, "UPDATE t SET n = 99", "INSERT INTO t VALUES (4, 40)");
      BranchRows rows = new BranchRows(snapshot, List.of(), Map.of(shape.id(), shape));
      BranchRows.Found found = rows.read(shape, List.of(key(1), key(2), key(4)));
      assertThat(found.rows()).isEqualTo(Map.of(key(1), row(1, 10), key(2), row(2, 20)));
      assertThat(found.elsewhere()).isEmpty();
    }
  }

  @Test
  void aRowThatUnitsWroteIsAsItWasBeforeTheFirstOfThem() throws SQLException {
    postgres.executeIn(
        database,
        "UPDATE t SET n = 12 WHERE id = 1",
        "DELETE FROM t WHERE id = 2",
        "INSERT INTO t VALUES (5, 50)");
    List<Unit> units =
        List.of(
            unit(new Write.Update(shape.id(), SOMEWHERE, row(1, 10), row(1, 11))),
            unit(
                new Write.Update(shape.id(), SOMEWHERE, row(1, 11), row(1, 12)),
                new Write.Delete(shape.id(), SOMEWHERE, row(2, 20)),
                new Write.Insert(shape.id(), SOMEWHERE, row(5, 50))));
    try (Connection connection = postgres.connect(database)) {
      BranchRows rows =
          new BranchRows(BranchRows.begin(connection), units, Map.of(shape.id(), shape));
      BranchRows.Found found = rows.read(shape, List.of(key(1), key(2), key(3), key(5)));
      assertThat(found.rows())
          .isEqualTo(Map.of(key(1), row(1, 10), key(2), row(2, 20), key(3), row(3, 30)));
      assertThat(found.elsewhere()).isEmpty();
    }
  }

  @Test
  void whatIsNotKnownIsLookedUpElsewhere() throws SQLException {
    Image onlyItsKey = new Image(List.of(Cell.of("1"), Cell.Absent.UNCHANGED));
    List<Unit> partial = List.of(unit(new Write.Delete(shape.id(), SOMEWHERE, onlyItsKey)));
    List<Unit> emptied = List.of(unit(new Write.Truncate(shape.id(), SOMEWHERE)));
    try (Connection connection = postgres.connect(database)) {
      Connection snapshot = BranchRows.begin(connection);
      Map<TableId, TableShape> followed = Map.of(shape.id(), shape);
      List<Key> keys = List.of(key(1), key(3));
      assertThat(new BranchRows(snapshot, partial, followed).read(shape, keys).elsewhere())
          .containsExactly(key(1));
      assertThat(new BranchRows(snapshot, emptied, followed).read(shape, keys).elsewhere())
          .isEqualTo(keys);
      assertThat(new BranchRows(snapshot, List.of(), Map.of()).read(shape, keys).elsewhere())
          .isEqualTo(keys);
    }
  }

  @Test
  void theBranchsClientsWaitForNothing() throws SQLException {
    try (Connection connection = postgres.connect(database);
        Connection client = postgres.connect(database);
        Statement statement = client.createStatement()) {
      BranchRows rows =
          new BranchRows(BranchRows.begin(connection), List.of(), Map.of(shape.id(), shape));
      rows.read(shape, List.of(key(1)));
      statement.execute("SET lock_timeout = '5s'");
      assertThat(statement.executeUpdate("ALTER TABLE t ADD COLUMN more int")).isZero();
    }
  }

  private Unit unit(Write... writes) {
    return new Unit(
        1, new BranchId(1), 1, SOMEWHERE, Instant.EPOCH, List.of(shape), List.of(writes));
  }

  private static Key key(int id) {
    return new Key(List.of(Integer.toString(id)));
  }

  private static Image row(int id, int n) {
    return new Image(List.of(Cell.of(Integer.toString(id)), Cell.of(Integer.toString(n))));
  }
}
