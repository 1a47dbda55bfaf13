package dev.anabranch.server.http;

import dev.anabranch.check.Caller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Whether a client is still there while its request is worked on. The server reads nothing from the
 * connection meanwhile and so would not notice; the system's own list of connections tells. Where
 * there is none, every client stays.
 *
 * @param localPort of the connection
 * @param remotePort of the connection
 */
record ClientConnection(int localPort, int remotePort) implements Caller {

  private static final List<Path> CONNECTIONS =
      List.of(Path.of("/proc/self/net/tcp"), Path.of("/proc/self/net/tcp6"));
  private static final String ESTABLISHED = "01";
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int STATE = 3;

  @Override
  public boolean waits() {
    List<Path> lists = CONNECTIONS.stream().filter(Files::isReadable).toList();
    return lists.isEmpty() || lists.stream().anyMatch(this::isIn);
  }

  /** Lines such as {@code 0: 0100007F:1950 0100007F:C5A2 01 …}, numbers in hexadecimal. */
  private boolean isIn(Path list) {
    try (Stream<String> lines = Files.lines(list)) {
      return lines.anyMatch(this::isEstablished);
    } catch (IOException e) {
      return true;
    }
  }

  private boolean isEstablished(String line) {
    String[] fields = line.strip().split("\\s+", STATE + 2);
    return fields.length > STATE
        && fields[LOCAL].endsWith(port(localPort))
        && fields[REMOTE].endsWith(port(remotePort))
        && fields[STATE].equals(ESTABLISHED);
  }

  private static String port(int port) {
    return String.format(Locale.ROOT, ":%04X", port);
  }
}
