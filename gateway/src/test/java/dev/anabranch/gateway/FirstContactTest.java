package dev.anabranch.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.gateway.settings.GatewaySettings;
import dev.anabranch.ledger.Answer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients log in, ask, and find their answers in the ledger. */
@Tag("postgres")
class FirstContactTest {

  private static GatewayUnderTest gateway;

  @BeforeAll
  static void start() {
    gateway =
        new GatewayUnderTest(
            "CREATE TABLE orders (id int PRIMARY KEY, total numeric(10,2))",
            "INSERT INTO orders SELECT i, i * 1.5 FROM generate_series(1, 47) i");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void psqlAsksAndTheAnswerIsKept() throws Exception {
    Process psql =
        new ProcessBuilder(
                "psql", "-XAt", gateway.url(), "-c", "SELECT count(*) AS psql_count FROM orders")
            .redirectErrorStream(true)
            .start();
    String output =
        new String(psql.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(psql.waitFor()).as(output).isZero();
    assertThat(output.strip()).isEqualTo("47");
    Answer answer = only("psql_count");
    assertThat(answer.question().sql()).isEqualTo("SELECT count(*) AS psql_count FROM orders");
    assertThat(answer.result().rows()).isEqualTo(Optional.of(List.of(List.of("47"))));
    assertThat(answer.result().comparable()).isTrue();
    assertThat(answer.result().complete()).isTrue();
    assertThat(answer.commandTag()).isEqualTo("SELECT 1");
    assertThat(answer.question().settings()).containsEntry("search_path", "\"$user\", public");
  }

  @Test
  void pgjdbcAsksWithParameters() throws Exception {
    try (Connection connection = gateway.connect();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT id, total AS jdbc_total FROM orders WHERE id > ? ORDER BY id")) {
      for (int round = 0; round < 8; round++) {
        select.setInt(1, 45);
        try (ResultSet rows = select.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getBigDecimal(2)).isEqualByComparingTo("69.00");
        }
      }
    }
    List<Answer> answers =
        gateway.answers().stream()
            .filter(answer -> answer.question().sql().contains("jdbc_total"))
            .toList();
    assertThat(answers).hasSize(8);
    assertThat(answers)
        .allSatisfy(answer -> {
          assertThat(answer.result().comparable()).isTrue();
          assertThat(answer.result().rows())
              .isEqualTo(Optional.of(List.of(List.of("46", "69.00"), List.of("47", "70.50"))));
          assertThat(answer.question().parameters().getFirst().text()).contains("45");
        });
    assertThat(answers.stream().map(answer -> answer.result().bagDigest()).distinct()).hasSize(1);
  }

  @Test
  void aWrongPasswordIsRefused() {
    assertThatThrownBy(() ->
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + gateway.port() + "/alice", "alice", "wrong"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
  }

  @Test
  void aPortThatIsTakenIsSaidInASentence() {
    var taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port());
    assertThatThrownBy(() -> new GatewayUnderTest(_ -> GatewaySettings.on(taken)).close())
        .hasMessage(
            "Port %d is taken: give another --gateway-port, or stop what listens there.",
            gateway.port());
  }

  @Test
  void anUnknownBranchIsNamed() {
    assertThatThrownBy(() ->
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + gateway.port() + "/bob", "bob", "wrong"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("3D000"))
        .hasMessageContaining("There is no branch 'bob'");
  }

  @Test
  void errorsPassThroughAndTheSessionGoesOn() throws Exception {
    try (Connection connection = gateway.connect();
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.executeQuery("SELECT nothing FROM orders"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42703"));
      try (ResultSet rows = statement.executeQuery("SELECT 1")) {
        assertThat(rows.next()).isTrue();
      }
    }
  }

  private static Answer only(String text) throws InterruptedException {
    List<Answer> found =
        gateway.answers().stream()
            .filter(answer -> answer.question().sql().contains(text))
            .toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }
}
