package dev.anabranch.server;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.server.access.Access;
import dev.anabranch.server.access.LocalToken;
import dev.anabranch.server.http.OwnHosts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who HTTP lets in, told to those who are to know. */
public final class Entrance implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Entrance.class);

  private final Access access;
  private final OwnHosts hosts;
  private volatile String address = "";
  private volatile int port;

  Entrance(Access access, OwnHosts hosts) {
    this.access = access;
    this.hosts = hosts;
  }

  Access access() {
    return access;
  }

  OwnHosts hosts() {
    return hosts;
  }

  /** Where HTTP is reached from this machine; known once it listens. */
  String address() {
    return address;
  }

  /** The token of our own system user, an admin's, good until this process ends. */
  public String token() {
    return access.local().text();
  }

  /** Puts the local token into the data directory. */
  void leaveToken(Path data, String host, int httpPort) {
    port = httpPort;
    address = "http://" + reached(host) + ":" + httpPort;
    try {
      access.local().keepIn(LocalToken.in(data), address);
    } catch (IOException e) {
      throw new AnabranchException(
          ErrorCode.SETTINGS_INVALID,
          e,
          " --data is '" + data + "', which can't be written to (" + e.getMessage() + ").");
    }
  }

  /** Says that everybody may come in, or once, when there was no token yet, what an admin's is. */
  void tell(Consumer<String> told) {
    if (access.open()) {
      told.accept(
          "open: whoever reaches "
              + address
              + " may do everything, also promote, and needs no token");
    } else if (access.set().isEmpty()) {
      access.tokens().first().ifPresent(first -> told.accept("admin token: " + first.text()));
    }
  }

  private static String reached(String host) {
    try {
      InetAddress chosen = InetAddress.getByName(host);
      if (chosen.isAnyLocalAddress() || chosen.isLoopbackAddress()) {
        return "127.0.0.1";
      }
      return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    } catch (UnknownHostException e) {
      return host;
    }
  }

  /** Lets commands of our own system user find the local token, whatever the data directory is. */
  void letOwnUserIn(Map<String, String> environment) {
    try {
      access.local().keepIn(LocalToken.ofUser(environment, port), address);
    } catch (IOException | RuntimeException e) {
      LOG.info(
          "Commands find their token only with ANABRANCH_DATA or ANABRANCH_TOKEN, because it can't"
              + " be written where they look else: {}",
          e.getMessage());
    }
  }

  @Override
  public void close() {
    access.local().close();
  }
}
