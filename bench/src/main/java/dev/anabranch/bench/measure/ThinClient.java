package dev.anabranch.bench.measure;

import dev.anabranch.trials.drive.Address;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A client that costs next to nothing, so that what is measured is the server: it knows the login
 * and the simple query of the Postgres wire, and nothing else.
 *
 * <pre>
 * client   StartupMessage                server   R(SASL) or R(ok) S* K Z
 * client   p(SASLInitialResponse)        server   R(SASLContinue)      {@link #challenge}
 * client   (derives its keys)                                          {@link #deriveKeys}
 * client   p(SASLResponse)               server   R(SASLFinal) R(ok) S* K Z
 * client   Q                             server   T D* C Z             {@link #ask}
 * </pre>
 */
public final class ThinClient implements AutoCloseable {

  private static final int PROTOCOL_3 = 196_608;
  private static final int OK = 0;
  private static final int SASL = 10;
  private static final int SASL_CONTINUE = 11;
  private static final int SASL_FINAL = 12;
  private static final int LENGTH_BYTES = 4;
  private static final int BUFFER_BYTES = 1 << 16;

  private final SocketChannel channel;
  private final DataInputStream in;
  private final OutputStream out;
  private final String password;
  private Scram scram = Scram.begin();

  /** One message of the server. */
  private record Message(char type, ByteBuffer body) {
    int number(int at) {
      return body.getInt(at);
    }

    String text(int from) {
      return StandardCharsets.UTF_8.decode(body.duplicate().position(from)).toString();
    }
  }

  private ThinClient(SocketChannel channel, String password) {
    this.channel = channel;
    this.in =
        new DataInputStream(
            new BufferedInputStream(Channels.newInputStream(channel), BUFFER_BYTES));
    this.out = Channels.newOutputStream(channel);
    this.password = password;
  }

  /** Connects and says who wants in. */
  public static ThinClient connect(Address branch) throws IOException {
    SocketChannel channel = SocketChannel.open();
    return connect(
        channel,
        new InetSocketAddress(branch.host(), branch.port()),
        branch.user(),
        branch.database(),
        branch.password());
  }

  /** To a Postgres that trusts whoever reaches its socket. */
  public static ThinClient connect(Path socket, String user, String database) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    return connect(channel, UnixDomainSocketAddress.of(socket), user, database, "");
  }

  private static ThinClient connect(
      SocketChannel channel, SocketAddress address, String user, String database, String password)
      throws IOException {
    try {
      channel.connect(address);
      if (address instanceof InetSocketAddress) {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      }
      ThinClient client = new ThinClient(channel, password);
      client.start(user, database);
      return client;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private void start(String user, String database) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(body);
    data.writeInt(PROTOCOL_3);
    for (String text : List.of("user", user, "database", database, "client_encoding", "UTF8")) {
      data.write(text.getBytes(StandardCharsets.UTF_8));
      data.write(0);
    }
    data.write(0);
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    new DataOutputStream(packet).writeInt(body.size() + LENGTH_BYTES);
    body.writeTo(packet);
    out.write(packet.toByteArray());
  }

  /** Goes on with the login up to the server's challenge, which has the salt. */
  public void challenge() throws IOException {
    if (authentication().number(0) != SASL) {
      throw new IOException("the server asks for another sort of login");
    }
    byte[] first = scram.first().getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(body);
    data.write("SCRAM-SHA-256\0".getBytes(StandardCharsets.UTF_8));
    data.writeInt(first.length);
    data.write(first);
    send('p', body.toByteArray());
    Message reply = authentication();
    if (reply.number(0) != SASL_CONTINUE) {
      throw new IOException("the server does not go on with the login");
    }
    scram = scram.challenged(reply.text(LENGTH_BYTES));
  }

  /** The client's own work of a login: 4,096 rounds of HMAC-SHA-256. */
  public void deriveKeys() {
    scram = scram.derive(password);
  }

  /** Proves that it knows the password; returns when the session is ready. */
  public void prove() throws IOException {
    send('p', scram.last().getBytes(StandardCharsets.UTF_8));
    if (authentication().number(0) != SASL_FINAL) {
      throw new IOException("the server does not accept the login");
    }
    awaitSession();
  }

  /** Returns when the session is ready; all of it where no password is asked. */
  public void awaitSession() throws IOException {
    if (authentication().number(0) != OK) {
      throw new IOException("the server wants a password after all");
    }
    while (read().type() != 'Z') {
      // parameters and the key for cancelling
    }
  }

  /** The whole login. */
  public void logIn() throws IOException {
    challenge();
    deriveKeys();
    prove();
  }

  /** Runs statements and returns how many rows came. */
  public int ask(String sql) throws IOException {
    send('Q', (sql + "\0").getBytes(StandardCharsets.UTF_8));
    int rows = 0;
    while (true) {
      switch (read().type()) {
        case 'D' -> rows++;
        case 'Z' -> {
          return rows;
        }
        default -> {}
      }
    }
  }

  /** Runs a statement, looks at none of what it returns, and says how many bytes that was. */
  public long drain(String sql) throws IOException {
    send('Q', (sql + "\0").getBytes(StandardCharsets.UTF_8));
    long bytes = 0;
    char type = ' ';
    while (type != 'Z') {
      type = (char) in.readUnsignedByte();
      int length = in.readInt();
      if (type == 'E') {
        throw new IOException("the server refuses: " + sql);
      }
      in.skipNBytes(length - LENGTH_BYTES);
      bytes += 1 + length;
    }
    return bytes;
  }

  private Message authentication() throws IOException {
    Message message = read();
    if (message.type() != 'R') {
      throw new IOException("something else where the login was to go on: " + message.type());
    }
    return message;
  }

  private Message read() throws IOException {
    char type = (char) in.readUnsignedByte();
    byte[] body = new byte[in.readInt() - LENGTH_BYTES];
    in.readFully(body);
    Message message = new Message(type, ByteBuffer.wrap(body));
    if (type == 'E') {
      throw new IOException("the server says: " + message.text(0).replace('\0', ' '));
    }
    return message;
  }

  private void send(char type, byte[] body) throws IOException {
    ByteArrayOutputStream packet = new ByteArrayOutputStream(body.length + 1 + LENGTH_BYTES);
    DataOutputStream data = new DataOutputStream(packet);
    data.write(type);
    data.writeInt(body.length + LENGTH_BYTES);
    data.write(body);
    out.write(packet.toByteArray());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
