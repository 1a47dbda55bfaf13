package dev.anabranch.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Everything about a cluster that is decided before it starts.
 *
 * @param data its data directory
 * @param sockets the directory of its unix socket, 0700, made when it starts
 * @param tcpPort the loopback port it listens on; empty: no TCP at all
 * @param settings Postgres settings, by name; they replace whatever the data directory's own files
 *     say
 * @param access lines of {@code pg_hba.conf}; with none, local connections are trusted (the socket
 *     directory is private)
 * @param log the file its messages go to
 * @param network where its connections to others can lead
 */
public record ClusterSpec(
    Path data,
    Path sockets,
    OptionalInt tcpPort,
    Map<String, String> settings,
    List<String> access,
    Path log,
    Network network) {

  /** The port in a socket's file name when there is no TCP. */
  static final int SOCKET_PORT = 5432;

  public ClusterSpec {
    settings = Map.copyOf(settings);
    access = List.copyOf(access);
  }

  /** One that may reach what this machine can. */
  public ClusterSpec(
      Path data,
      Path sockets,
      OptionalInt tcpPort,
      Map<String, String> settings,
      List<String> access,
      Path log) {
    this(data, sockets, tcpPort, settings, access, log, Network.HOST);
  }

  /** The port number in the socket's name and, if it listens on TCP, there too. */
  public int port() {
    return tcpPort.orElse(SOCKET_PORT);
  }

  Path socketFile() {
    return sockets.resolve(".s.PGSQL." + port());
  }

  /** The same with this network. */
  public ClusterSpec on(Network other) {
    return new ClusterSpec(data, sockets, tcpPort, settings, access, log, other);
  }

  /** The same with other settings. */
  public ClusterSpec with(Map<String, String> otherSettings) {
    return new ClusterSpec(data, sockets, tcpPort, otherSettings, access, log, network);
  }
}
