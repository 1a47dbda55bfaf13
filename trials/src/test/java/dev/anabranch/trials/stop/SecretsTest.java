package dev.anabranch.trials.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.cluster.Trees;
import dev.anabranch.testkit.TemporaryPostgres;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.ServerProcess;
import dev.anabranch.trials.drive.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What must stay between a client and its branch is not in the server's log. */
@Tag("postgres")
class SecretsTest {

  private static final String MARK = "m4rked";

  private final Path home = TemporaryPostgres.temporaryDirectory("anabranch-secrets-");
  private final TemporaryPostgres main = TemporaryPostgres.start(Map.of());
  private final ServerProcess server = started();

  private ServerProcess started() {
    main.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (0, 'nothing')");
    String url = main.url("postgres").replaceFirst("//([^:@]+)(:[^@]*)?@", "//$1:" + MARK + "0@");
    assertThat(url).contains(MARK);
    return ServerProcess.start(
        home.resolve("data"),
        Optional.of(url),
        List.of("-Dlogback.configurationFile=logback.xml", "-DANABRANCH_LOG=DEBUG"));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    main.close();
    Trees.delete(home);
  }

  private static void run(Connection connection, String sql, String value) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, value);
      statement.execute();
    }
  }

  @Test
  void noPasswordAndNoParameterIsInTheLog() throws Exception {
    Address branch = server.product().create("alice", Product.Wish.now());
    try (Connection connection = branch.connect(Map.of("prepareThreshold", "1"))) {
      for (int i = 1; i <= 3; i++) {
        run(connection, "SELECT id FROM t WHERE v = ?", MARK + i);
      }
      run(connection, "INSERT INTO t VALUES (1, ?)", MARK);
      assertThatThrownBy(() -> run(connection, "INSERT INTO t VALUES (1, ?)", MARK))
          .isInstanceOf(SQLException.class);
      assertThatThrownBy(() -> run(connection, "SELECT (?::text)::int", MARK))
          .isInstanceOf(SQLException.class);
      Sql.run(connection, "SET anabranch.capture = off");
      run(connection, "SELECT id FROM t WHERE v = ?", MARK);
    }
    assertThatThrownBy(() -> branch.connect(Map.of("password", MARK)))
        .isInstanceOf(SQLException.class);
    main.execute("INSERT INTO t VALUES (2, '" + MARK + "1')", "ALTER TABLE t ALTER v TYPE varchar");
    server.product().check("alice");
    server.product().promote("alice", false, List.of());
    server.product().suspend("alice");
    server.kill();
    server.startAgain();
    assertThat(branch.texts("SELECT count(*) FROM t")).containsExactly("2");
    server.stop();
    assertThat(server.logs()).contains("Session ").doesNotContain(MARK, branch.password());
  }

  @Test
  void theControlDatabaseHoldsNoPasswordThatCanBeRead() throws Exception {
    String control = main.freshDatabase();
    server.restart(List.of("--control-url=" + main.url(control)));
    Address branch = server.product().create("alice", Product.Wish.now());
    assertThat(main.query(control, "SELECT password FROM branches WHERE name = 'alice'"))
        .hasSize(1)
        .allSatisfy(kept -> assertThat(kept).doesNotContain(branch.password()));
    server.stop();
    // As an earlier version left it.
    main.executeIn(control, "UPDATE branches SET password = 'in-the-clear' WHERE name = 'alice'");
    server.startAgain();
    Address same = server.product().branch("alice");
    assertThat(same.password()).isEqualTo("in-the-clear");
    assertThat(same.texts("SELECT count(*) FROM t")).containsExactly("1");
    assertThat(main.query(control, "SELECT password FROM branches"))
        .allMatch(kept -> kept.startsWith("sealed:"));
    Address next = Address.parse(server.product().newPassword("alice"));
    assertThat(next.texts("SELECT count(*) FROM t")).containsExactly("1");
    assertThat(state(same)).isEqualTo("28P01");
    server.stop();
    Files.delete(server.data().resolve("seal.key"));
    server.startAgain();
    Address renewed = server.product().branch("alice");
    assertThat(renewed.password()).isNotEqualTo(next.password());
    assertThat(renewed.texts("SELECT count(*) FROM t")).containsExactly("1");
    assertThat(state(next)).isEqualTo("28P01");
  }

  /** The SQLSTATE with which a login fails. */
  private static String state(Address address) {
    try (Connection connection = address.connect()) {
      return "let in: " + connection;
    } catch (SQLException e) {
      return String.valueOf(e.getSQLState());
    }
  }
}
