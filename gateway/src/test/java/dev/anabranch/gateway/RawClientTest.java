package dev.anabranch.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.StringPreparation;
import dev.anabranch.ledger.Answer;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What no well-behaved driver sends: lies, odd orders, and messages cut into single bytes. */
class RawClientTest {

  private GatewayUnderTest gateway;

  @BeforeEach
  void start() {
    gateway =
        new GatewayUnderTest(
            "CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1), (2)");
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  /** A message: its type and its payload, a character for a byte. */
  private record Message(char type, String text) {}

  private static final class Client implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    Client(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(20_000);
      socket.setTcpNoDelay(true);
      in = new DataInputStream(socket.getInputStream());
      out = new DataOutputStream(socket.getOutputStream());
    }

    void startup(int version, String... parameters) throws IOException {
      ByteArrayOutputStream packet = new ByteArrayOutputStream();
      DataOutputStream data = new DataOutputStream(packet);
      data.writeInt(version);
      for (String parameter : parameters) {
        data.write(cString(parameter));
      }
      data.writeByte(0);
      out.writeInt(packet.size() + 4);
      out.write(packet.toByteArray());
    }

    Message read() throws IOException {
      char type = (char) in.readByte();
      byte[] payload = new byte[in.readInt() - 4];
      in.readFully(payload);
      return new Message(type, new String(payload, StandardCharsets.ISO_8859_1));
    }

    List<Message> readUntil(char type) throws IOException {
      List<Message> messages = new ArrayList<>();
      do {
        messages.add(read());
      } while (messages.getLast().type() != type);
      return messages;
    }

    /** The server's part of SCRAM is checked by drivers; this only says what must be said. */
    void login() throws IOException {
      startup(3 << 16, "user", GatewayUnderTest.NAME, "database", GatewayUnderTest.NAME);
      assertThat(read().type()).isEqualTo('R');
      String bare = "n=,r=clientnonce";
      byte[] first = ("n,," + bare).getBytes(StandardCharsets.UTF_8);
      send('p', concat(cString("SCRAM-SHA-256"), int32(first.length), first));
      String challenge = read().text().substring(4);
      String nonce = challenge.substring(2, challenge.indexOf(",s="));
      String salt = challenge.substring(challenge.indexOf(",s=") + 3, challenge.indexOf(",i="));
      ScramMechanism mechanism = ScramMechanism.SCRAM_SHA_256;
      byte[] salted =
          ScramFunctions.saltedPassword(
              mechanism,
              StringPreparation.POSTGRESQL_PREPARATION,
              GatewayUnderTest.PASSWORD.toCharArray(),
              Base64.getDecoder().decode(salt),
              4096);
      String withoutProof = "c=biws,r=" + nonce;
      String authMessage = bare + "," + challenge + "," + withoutProof;
      byte[] clientKey = ScramFunctions.clientKey(mechanism, salted);
      byte[] signature =
          ScramFunctions.clientSignature(
              mechanism, ScramFunctions.storedKey(mechanism, clientKey), authMessage);
      byte[] proof = ScramFunctions.clientProof(clientKey, signature);
      send(
          'p',
          (withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof))
              .getBytes(StandardCharsets.UTF_8));
      readUntil('Z');
    }

    void send(char type, byte[] payload) throws IOException {
      out.write(frame(type, payload));
    }

    void sendByteByByte(byte[] bytes) throws IOException {
      for (byte b : bytes) {
        out.write(b);
        out.flush();
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static byte[] frame(char type, byte[] payload) {
    return concat(new byte[] {(byte) type}, int32(payload.length + 4), payload);
  }

  private static byte[] cString(String text) {
    return concat(text.getBytes(StandardCharsets.UTF_8), new byte[1]);
  }

  private static byte[] int32(int value) {
    return new byte[] {
      (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value
    };
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] extended(String sql) {
    return concat(
        frame('P', concat(cString(""), cString(sql), new byte[2])),
        frame('B', concat(cString(""), cString(""), new byte[6])),
        frame('D', concat(new byte[] {'P'}, cString(""))),
        frame('E', concat(cString(""), int32(0))));
  }

  @Test
  void aNewerProtocolIsNegotiatedDown() throws Exception {
    try (Client client = new Client(gateway.port())) {
      client.startup(3 << 16 | 2, "user", "alice", "_pq_.fancy", "1");
      Message negotiate = client.read();
      assertThat(negotiate.type()).isEqualTo('v');
      assertThat(negotiate.text()).startsWith("\0\3\0\0").contains("_pq_.fancy");
      assertThat(client.read().type()).isEqualTo('R');
    }
  }

  @Test
  void replicationIsRefused() throws Exception {
    try (Client client = new Client(gateway.port())) {
      client.startup(3 << 16, "user", "alice", "replication", "database");
      assertThat(client.read().text()).contains("0A000").contains("can't be replicated from");
      assertThat(client.in.read()).isEqualTo(-1);
    }
  }

  @Test
  void nonsenseAtTheDoorIsAViolation() throws Exception {
    try (Client client = new Client(gateway.port())) {
      client.out.write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(client.read().text()).contains("08P01");
      assertThat(client.in.read()).isEqualTo(-1);
    }
  }

  @Test
  void nonsenseAfterTheLoginIsAViolation() throws Exception {
    try (Client client = new Client(gateway.port())) {
      client.login();
      client.send('?', new byte[3]);
      assertThat(client.read().text()).contains("08P01");
      assertThat(client.in.read()).isEqualTo(-1);
    }
  }

  @Test
  void messagesCutIntoBytesMeanTheSame() throws Exception {
    try (Client client = new Client(gateway.port())) {
      client.login();
      client.sendByteByByte(
          concat(extended("SELECT id FROM t ORDER BY id"), frame('S', new byte[0])));
      assertThat(client.readUntil('Z').stream().map(Message::type))
          .containsExactly('1', '2', 'T', 'D', 'D', 'C', 'Z');
      client.sendByteByByte(frame('Q', cString("INSERT INTO t VALUES (3) RETURNING id")));
      assertThat(client.readUntil('Z').stream().map(Message::type))
          .containsExactly('T', 'D', 'C', 'Z');
    }
    assertThat(gateway.answers())
        .extracting(a -> a.question().sql())
        .containsExactly("SELECT id FROM t ORDER BY id", "INSERT INTO t VALUES (3) RETURNING id");
  }

  @Test
  void aPipelineIsFollowedThroughItsErrors() throws Exception {
    try (Client client = new Client(gateway.port())) {
      client.login();
      byte[] sync = frame('S', new byte[0]);
      client.out.write(
          concat(
              extended("SELECT 1 AS a"),
              extended("SELECT 1/0 AS b"),
              extended("SELECT 3 AS c"),
              sync,
              extended("SELECT 4 AS d"),
              sync,
              frame('Q', cString("SELECT 5 AS e; SELECT 6/0 AS f; SELECT 7 AS g")),
              frame('Q', cString("SELECT 8 AS h"))));
      String types = "";
      for (int i = 0; i < 4; i++) {
        for (Message message : client.readUntil('Z')) {
          types += message.type();
        }
      }
      assertThat(types).isEqualTo("12TDC1EZ" + "12TDCZ" + "TDCEZ" + "TDCZ");
    }
    assertThat(gateway.answers())
        .extracting(a -> a.question().sql())
        .containsExactly("SELECT 1 AS a", "SELECT 4 AS d", "SELECT 5 AS e", "SELECT 8 AS h");
    assertThat(gateway.answers().stream().map(Answer::transaction).distinct()).hasSize(4);
  }

  @Test
  void rowsCopiedInByTheExtendedProtocolKeepTheCount() throws Exception {
    try (Client client = new Client(gateway.port())) {
      client.login();
      byte[] sync = frame('S', new byte[0]);
      client.out.write(
          concat(
              frame('P', concat(cString(""), cString("COPY t FROM STDIN"), new byte[2])),
              frame('B', concat(cString(""), cString(""), new byte[6])),
              frame('E', concat(cString(""), int32(0))),
              sync));
      assertThat(client.readUntil('G').stream().map(Message::type)).containsExactly('1', '2', 'G');
      client.out.write(
          concat(
              frame('d', "10\n11\n".getBytes(StandardCharsets.UTF_8)),
              frame('c', new byte[0]),
              sync));
      assertThat(client.readUntil('Z').stream().map(Message::type)).containsExactly('C', 'Z');
      client.send('Q', cString("SELECT count(*) FROM t"));
      assertThat(client.readUntil('Z').stream().map(Message::type))
          .containsExactly('T', 'D', 'C', 'Z');
    }
    assertThat(gateway.answers())
        .extracting(a -> a.question().sql())
        .containsExactly("SELECT count(*) FROM t");
  }

  @Test
  void aStatementIsWhatItWasWhenItRan() throws Exception {
    try (Client client = new Client(gateway.port())) {
      client.login();
      byte[] sync = frame('S', new byte[0]);
      byte[] run =
          concat(
              frame('B', concat(cString(""), cString("s"), new byte[6])),
              frame('D', concat(new byte[] {'P'}, cString(""))),
              frame('E', concat(cString(""), int32(0))));
      client.out.write(
          concat(
              frame('P', concat(cString("s"), cString("SELECT 1 AS first"), new byte[2])),
              run,
              sync,
              // A name in use: this fails, and the name still stands for the first.
              frame('P', concat(cString("s"), cString("SELECT 2 AS second"), new byte[2])),
              sync,
              run,
              sync,
              frame('C', concat(new byte[] {'S'}, cString("s"))),
              frame('P', concat(cString("s"), cString("SELECT 3 AS third"), new byte[2])),
              run,
              sync));
      for (int i = 0; i < 4; i++) {
        client.readUntil('Z');
      }
    }
    assertThat(gateway.answers())
        .extracting(a -> a.question().sql())
        .containsExactly("SELECT 1 AS first", "SELECT 1 AS first", "SELECT 3 AS third");
  }
}
