package dev.anabranch.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.StringPreparation;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client that says exactly what it is told to, bytes and all. */
class WireClient implements AutoCloseable {

  static final int PROTOCOL_3_0 = 3 << 16;

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  /** A message: its type and its payload, a character for a byte. */
  record Message(char type, String text) {

    /** Without what no two servers have in common. */
    Message masked(long firstOwnOid) {
      return switch (type) {
        case 'A' -> new Message(type, "pid " + text.substring(4));
        case 'T' -> new Message(type, withoutNewTables(firstOwnOid));
        default -> this;
      };
    }

    /** A row's, as text; null for NULL. */
    List<@Nullable String> cells() {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
      List<@Nullable String> cells = new ArrayList<>();
      for (int left = bytes.getShort(); left > 0; left--) {
        int length = bytes.getInt();
        if (length < 0) {
          cells.add(null);
        } else {
          byte[] cell = new byte[length];
          bytes.get(cell);
          cells.add(new String(cell, StandardCharsets.UTF_8));
        }
      }
      return cells;
    }

    private String withoutNewTables(long firstOwnOid) {
      StringBuilder fields = new StringBuilder(text.substring(0, 2));
      int at = 2;
      while (at < text.length()) {
        int end = text.indexOf('\0', at) + 1;
        byte[] table = text.substring(end, end + 4).getBytes(StandardCharsets.ISO_8859_1);
        long oid = new BigInteger(1, table).longValue();
        fields.append(text, at, end);
        fields.append(oid >= firstOwnOid ? "new " : text.substring(end, end + 4));
        fields.append(text, end + 4, end + 18);
        at = end + 18;
      }
      return fields.toString();
    }
  }

  WireClient(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  WireClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = new DataOutputStream(socket.getOutputStream());
  }

  void startup(int version, String... parameters) throws IOException {
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    packet.writeBytes(int32(version));
    for (String parameter : parameters) {
      packet.writeBytes(cString(parameter));
    }
    packet.write(0);
    write(concat(int32(packet.size() + 4), packet.toByteArray()));
  }

  Message read() throws IOException {
    char type = (char) in.readUnsignedByte();
    byte[] payload = new byte[in.readInt() - 4];
    in.readFully(payload);
    return new Message(type, new String(payload, StandardCharsets.ISO_8859_1));
  }

  /** Says all of it while it listens, and then that it is done; returns what came to the end. */
  List<Message> converse(byte[] words) throws IOException {
    Thread.ofVirtual().start(() -> sayAll(words));
    List<Message> messages = new ArrayList<>();
    try {
      while (true) {
        messages.add(read());
      }
    } catch (EOFException | SocketException e) {
      return messages;
    }
  }

  private void sayAll(byte[] words) {
    try {
      write(words);
      finish();
    } catch (IOException e) {
      // The other side has had enough, and says so itself.
    }
  }

  /** One byte, or -1 when the other side has closed. */
  int readByte() throws IOException {
    return in.read();
  }

  /** Reads so many bytes, whatever they say. */
  void skip(int bytes) throws IOException {
    in.skipNBytes(bytes);
  }

  List<Message> readUntil(Character... types) throws IOException {
    List<Message> messages = new ArrayList<>();
    do {
      messages.add(read());
    } while (!List.of(types).contains(messages.getLast().type()));
    return messages;
  }

  /**
   * Logs in to the branch of {@link GatewayUnderTest}; returns what came from AuthenticationOk on.
   */
  List<Message> login() throws IOException {
    startup(PROTOCOL_3_0, "user", GatewayUnderTest.NAME, "database", GatewayUnderTest.NAME);
    return prove();
  }

  /** The server's part of SCRAM is checked by drivers; this only says what must be said. */
  List<Message> prove() throws IOException {
    return prove("SCRAM-SHA-256", "n,,", new byte[0]);
  }

  /** The same, bound to a connection that shows a certificate of this digest. */
  List<Message> proveBound(byte[] digest) throws IOException {
    return prove("SCRAM-SHA-256-PLUS", "p=tls-server-end-point,,", digest);
  }

  private List<Message> prove(String mechanismName, String header, byte[] digest)
      throws IOException {
    assertThat(read().text()).contains(mechanismName);
    String bare = "n=,r=clientnonce";
    byte[] first = bytes(header + bare);
    send('p', concat(cString(mechanismName), int32(first.length), first));
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
    String binding = Base64.getEncoder().encodeToString(concat(bytes(header), digest));
    String withoutProof = "c=" + binding + ",r=" + nonce;
    String authMessage = bare + "," + challenge + "," + withoutProof;
    byte[] clientKey = ScramFunctions.clientKey(mechanism, salted);
    byte[] signature =
        ScramFunctions.clientSignature(
            mechanism, ScramFunctions.storedKey(mechanism, clientKey), authMessage);
    byte[] proof = ScramFunctions.clientProof(clientKey, signature);
    send('p', bytes(withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof)));
    return readUntil('Z', 'E');
  }

  void send(char type, byte[] payload) throws IOException {
    write(frame(type, payload));
  }

  void write(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  void sendByteByByte(byte[] bytes) throws IOException {
    for (byte b : bytes) {
      out.write(b);
      out.flush();
    }
  }

  /** Says that nothing more will be said. */
  void finish() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  static byte[] frame(char type, byte[]... payload) {
    byte[] all = concat(payload);
    return concat(new byte[] {(byte) type}, int32(all.length + 4), all);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] cString(String text) {
    return concat(bytes(text), new byte[1]);
  }

  static byte[] int32(int value) {
    return new byte[] {
      (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value
    };
  }

  static byte[] int16(int value) {
    return new byte[] {(byte) (value >> 8), (byte) value};
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
