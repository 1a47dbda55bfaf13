package dev.anabranch.bench.pool;

import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Product;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One HTTP connection that is open before it is needed, and writes and reads bytes with no library
 * in between: a hundred of a library's clients would be measured, and not the server.
 */
final class KeptAlive implements AutoCloseable {

  private static final Pattern URL = Pattern.compile("\"url\"\\s*:\\s*\"([^\"]+)\"");
  private static final int CREATED = 201;
  private static final int OK = 200;

  private final Socket socket;
  private final InputStream in;
  private final String host;
  private final String token;

  /** An answer. */
  private record Reply(int status, String body) {}

  private KeptAlive(Socket socket, String host, String token) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.host = host;
    this.token = token;
  }

  /** Opens it, and asks something small so that the server is at work on it. */
  static KeptAlive open(Product product) throws IOException {
    URI http = product.address();
    Socket socket = new Socket(http.getHost(), http.getPort());
    socket.setTcpNoDelay(true);
    KeptAlive connection = new KeptAlive(socket, http.getAuthority(), product.token().orElse(""));
    connection.send("GET", "/health", "");
    return connection;
  }

  /** Claims a branch at the latest fork point; says where it is. */
  Address claim(String name, boolean ephemeral) throws IOException {
    Reply reply =
        send(
            "POST",
            "/api/v1/branches",
            "{\"name\":\""
                + name
                + "\",\"noExpiry\":true,\"at\":\"latest\",\"ephemeral\":"
                + ephemeral
                + "}");
    Matcher url = URL.matcher(reply.body());
    if (reply.status() != CREATED || !url.find()) {
      throw new IOException("HTTP " + reply.status() + ": " + reply.body());
    }
    return Address.parse(url.group(1));
  }

  void delete(String name) throws IOException {
    Reply reply = send("DELETE", "/api/v1/branches/" + name, "");
    if (reply.status() != OK) {
      throw new IOException("HTTP " + reply.status() + ": " + reply.body());
    }
  }

  private Reply send(String method, String path, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String request =
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: "
            + host
            + "\r\nAuthorization: Bearer "
            + token
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + bytes.length
            + "\r\n\r\n"
            + body;
    socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    int status = Integer.parseInt(line().split(" ")[1]);
    int length = 0;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring(lower.indexOf(':') + 1).strip());
      } else if (lower.startsWith("transfer-encoding:")) {
        throw new IOException("an answer in chunks was not expected");
      }
    }
    return new Reply(status, new String(in.readNBytes(length), StandardCharsets.UTF_8));
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("the server hung up");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
