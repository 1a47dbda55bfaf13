package dev.anabranch.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.gateway.WireClient.Message;
import dev.anabranch.testkit.Await;
import dev.anabranch.testkit.TemporaryPostgres;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Bytes that nobody meant, from either side, do not take the gateway in.
 *
 * <p>A client's get what Postgres says to them. A branch's end its session at worst: with a
 * sentence, and with everybody else's going on. What was found is kept under {@code wire/} in the
 * test's resources. {@code -Danabranch.fuzz.seed=N} begins at another seed, {@code
 * -Danabranch.fuzz.mutants=N} makes more.
 */
@Tag("postgres")
class FuzzTest {

  private static final long FIRST_SEED = Long.getLong("anabranch.fuzz.seed", 1);
  private static final int MUTANTS = Integer.getInteger("anabranch.fuzz.mutants", 100);
  private static final int PIECES_CHANGED_IN = 12;

  @Test
  void mutantsOfAClientsBytesGetPostgresOwnReplies() throws Exception {
    try (GatewayUnderTest gateway = new GatewayUnderTest(WireScript.SCHEMA)) {
      String twin = gateway.twin();
      long ownOids = gateway.nextOid();
      for (byte[] found : corpus()) {
        assertSameReplies(gateway, twin, ownOids, found, "of the corpus");
      }
      for (long seed = FIRST_SEED; seed < FIRST_SEED + MUTANTS; seed++) {
        byte[] mutant = Mutant.of(WireScript.of(seed).words(), seed);
        assertSameReplies(gateway, twin, ownOids, mutant, "seed " + seed);
      }
    }
  }

  private static void assertSameReplies(
      GatewayUnderTest gateway, String twin, long ownOids, byte[] bytes, String which)
      throws Exception {
    List<Message> direct;
    try (WireClient client = gateway.directWire(twin)) {
      direct = client.converse(bytes);
    }
    List<Message> through;
    try (WireClient client = new WireClient(gateway.port())) {
      client.login();
      through = client.converse(bytes);
    }
    assertThat(through.stream().map(m -> m.masked(ownOids)))
        .as(() -> which + ": " + HexFormat.of().formatHex(bytes))
        .isEqualTo(direct.stream().map(m -> m.masked(ownOids)).toList());
  }

  @Test
  void mutantsOfABranchsBytesEndItsSessionAtWorst() throws Exception {
    Path directory = TemporaryPostgres.temporaryDirectory("anabranch-fuzz-");
    try (GatewayUnderTest gateway =
            new GatewayUnderTest(
                settings -> settings.within(limits -> limits.withLogin(Duration.ofSeconds(1))),
                WireScript.SCHEMA);
        HostileBranch hostile = new HostileBranch(gateway.branchSocket(), directory)) {
      Path honest = gateway.branchSocket();
      int refused = 0;
      for (long seed = FIRST_SEED; seed < FIRST_SEED + MUTANTS; seed++) {
        hostile.change(inOnePiece(seed));
        gateway.branchSocket(hostile.socket());
        refused += endsEarly(gateway, WireScript.of(seed).words()) ? 1 : 0;
      }
      assertThat(refused).as("sessions ended by the gateway").isGreaterThan(MUTANTS / 20);
      gateway.branchSocket(honest);
      try (WireClient client = new WireClient(gateway.port())) {
        assertThat(client.login()).isNotEmpty();
      }
      Await.until(() -> gateway.gateway().connections() == 0, Duration.ofSeconds(10));
    } finally {
      Files.deleteIfExists(directory);
    }
  }

  /** Changes one piece of those that a branch sends on one connection. */
  private static UnaryOperator<byte[]> inOnePiece(long seed) {
    int[] piecesLeft = {new Random(seed).nextInt(PIECES_CHANGED_IN)};
    return piece -> piecesLeft[0]-- == 0 ? Mutant.of(piece, seed) : piece;
  }

  /** Whether it was the gateway that ended the session. */
  private static boolean endsEarly(GatewayUnderTest gateway, byte[] bytes) throws IOException {
    try (WireClient client = new WireClient(gateway.port())) {
      if (client.login().getLast().type() == 'E') {
        return true;
      }
      List<Message> messages = client.converse(bytes);
      return messages.stream().anyMatch(m -> m.type() == 'E' && m.text().contains("lost track"));
    } catch (EOFException e) {
      // The login failed.
      return true;
    }
  }

  private static List<byte[]> corpus() throws Exception {
    List<byte[]> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/wire"))) {
      for (Path file : files.sorted().toList()) {
        found.add(HexFormat.of().parseHex(Files.readString(file).strip()));
      }
    }
    return found;
  }
}
