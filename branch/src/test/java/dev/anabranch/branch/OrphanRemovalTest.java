package dev.anabranch.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.testkit.TemporaryPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The control database refuses to take what becomes of a branch, and takes it later. */
@Tag("postgres")
class OrphanRemovalTest {

  private static final BranchName ALICE = new BranchName("alice");

  private TemporaryPostgres main;
  private Workshop workshop;

  @BeforeEach
  void start() throws SQLException {
    main = TemporaryPostgres.start();
    main.execute("CREATE DATABASE shop");
    main.executeIn(
        "shop", "CREATE TABLE orders (id int, total int)", "INSERT INTO orders VALUES (1, 10)");
    workshop = new Workshop(main, "shop").start();
    workshop.create("alice");
    tellControl(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'not now';"
            + " END$$");
  }

  @AfterEach
  void stop() {
    workshop.close();
    main.close();
  }

  @Test
  void aDeletedBranchIsRemovedAsSoonAsThatCanBe() throws SQLException {
    Path files = workshop.home.branches().resolve(workshop.branches.get(ALICE).id().toString());
    assertThat(files).exists();
    BranchId alice = workshop.branches.get(ALICE).id();
    workshop.branches.gone();
    tellControl(
        "CREATE TRIGGER refuse BEFORE DELETE ON branches FOR EACH ROW EXECUTE FUNCTION refuse()");
    workshop.branches.delete(ALICE, false, true);
    assertThat(files).doesNotExist();
    workshop.branches.removeRemains();
    assertThat(rows()).isOne();
    assertThat(workshop.branches.gone()).isEmpty();
    tellControl("DROP TRIGGER refuse ON branches");
    workshop.branches.removeRemains();
    assertThat(rows()).isZero();
    assertThat(workshop.branches.gone()).containsExactly(alice);
    assertThat(workshop.branches.gone()).isEmpty();
    workshop.create("alice");
  }

  @Test
  void aBranchThatCouldNotBeResetIsAsItWasAndItsNextLifeIsRemoved() throws Exception {
    workshop.ask("alice", "UPDATE orders SET total = 11");
    tellControl(
        "CREATE TRIGGER refuse BEFORE UPDATE ON branches FOR EACH ROW WHEN (NEW.state ="
            + " 'DELETING') EXECUTE FUNCTION refuse()");
    assertThatThrownBy(() -> workshop.branches.reset(ALICE)).hasStackTraceContaining("not now");
    assertThat(rows()).isEqualTo(2);
    tellControl("DROP TRIGGER refuse ON branches");
    workshop.branches.removeRemains();
    assertThat(rows()).isOne();
    assertThat(workshop.ask("alice", "SELECT total FROM orders")).containsExactly("11");
    try (var left = Files.list(workshop.home.branches())) {
      assertThat(left).hasSize(1);
    }
  }

  private void tellControl(String sql) throws SQLException {
    try (Connection connection = workshop.control.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private int rows() throws SQLException {
    try (Connection connection = workshop.control.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM branches")) {
      row.next();
      return row.getInt(1);
    }
  }
}
