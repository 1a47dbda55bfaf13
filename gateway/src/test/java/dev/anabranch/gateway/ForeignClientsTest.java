package dev.anabranch.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.anabranch.cluster.Trees;
import dev.anabranch.gateway.tls.Encryption;
import dev.anabranch.gateway.tls.ServerCertificate;
import dev.anabranch.ledger.Answer;
import dev.anabranch.testkit.TemporaryPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Clients of other makers print the same, whether a Postgres or the gateway is behind their URL.
 */
@Tag("postgres")
class ForeignClientsTest {

  private static final String[] SCHEMA = {
    "CREATE TABLE item (id int PRIMARY KEY, name text, price numeric, at timestamptz, doc jsonb,"
        + " tags text[])",
    "INSERT INTO item SELECT i, 'n' || i, i * 1.5, '2026-01-01Z'::timestamptz + i * '1"
        + " h'::interval, jsonb_build_object('i', i), ARRAY['a', i::text] FROM generate_series(1,"
        + " 10) i"
  };

  private final Path directory = TemporaryPostgres.temporaryDirectory("anabranch-clients-");
  private final ServerCertificate certificate =
      ServerCertificate.keptIn(directory, InetAddress.getLoopbackAddress(), Instant.now());

  @AfterEach
  void clear() throws IOException {
    Trees.delete(directory);
  }

  private GatewayUnderTest offering() {
    return new GatewayUnderTest(
        settings -> settings.withEncryption(new Encryption.Offered(() -> certificate)), SCHEMA);
  }

  @Test
  void nodeClientsPrintTheSame() throws Exception {
    install();
    try (GatewayUnderTest gateway = offering()) {
      String direct = node(gateway.directUrl(gateway.twin()), "plain");
      assertThat(direct).contains("cancelled {\"code\":\"57014\"");
      assertThat(node(gateway.url(), "tls")).isEqualTo(direct);
      List<Answer> answers = gateway.answers();
      assertThat(rows(answers, "/* left */")).containsExactly(6L);
      assertThat(rows(answers, "/* to the end */")).containsExactly(10L);
      assertThat(rows(answers, "AS twice")).hasSize(10).containsOnly(1L);
    }
  }

  /** libpq checks the certificate's name and binds its login to it. */
  @Test
  void psqlVerifiesTheCertificate() throws Exception {
    try (GatewayUnderTest gateway = offering()) {
      String strict =
          gateway.url().replace("127.0.0.1", "localhost")
              + "?sslmode=verify-full&channel_binding=require&sslrootcert="
              + directory.resolve("gateway-certificate.pem");
      assertThat(run(directory, "psql", "-XAt", strict, "-c", "SELECT count(*) FROM item"))
          .isEqualTo("10\n");
    }
  }

  @Test
  void pgbenchPipelines() throws Exception {
    Path script = directory.resolve("pipeline.sql");
    Files.writeString(
        script,
        """
        \\startpipeline
        SELECT id FROM item WHERE id = 1;
        SELECT id FROM item WHERE id = 2;
        SELECT id FROM item WHERE id = 3;
        \\endpipeline
        """);
    try (GatewayUnderTest gateway = offering()) {
      for (String mode : List.of("extended", "prepared")) {
        run(
            directory,
            "pgbench",
            "-n",
            "-M",
            mode,
            "-c",
            "2",
            "-t",
            "50",
            "-f",
            script.toString(),
            gateway.url());
      }
      assertThat(rows(gateway.answers(), "SELECT id FROM item")).hasSize(600).containsOnly(1L);
    }
  }

  private static List<Long> rows(List<Answer> answers, String words) {
    return answers.stream()
        .filter(answer -> answer.question().sql().contains(words))
        .map(answer -> answer.result().rowCount())
        .toList();
  }

  private void install() throws Exception {
    for (String file : List.of("package.json", "clients.mjs")) {
      try (InputStream in = ForeignClientsTest.class.getResourceAsStream("/node/" + file)) {
        Files.write(directory.resolve(file), in.readAllBytes());
      }
    }
    try {
      Process npm = start(directory, "npm", "install", "--no-audit", "--no-fund");
      String output = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (npm.waitFor() != 0) {
        abort("NOT RUN: node's clients are not tried, because npm can't install them: " + output);
      }
    } catch (IOException e) {
      abort("NOT RUN: node's clients are not tried, because there is no npm: " + e.getMessage());
    }
  }

  private String node(String url, String encryption) throws Exception {
    return run(directory, "node", "clients.mjs", url, encryption);
  }

  private static String run(Path directory, String... command) throws Exception {
    Process process = start(directory, command);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private static Process start(Path directory, String... command) throws IOException {
    return new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .start();
  }
}
