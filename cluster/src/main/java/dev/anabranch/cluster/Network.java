package dev.anabranch.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the network connections of a cluster's processes can lead. */
public enum Network {
  /** Wherever this machine's can. */
  HOST,
  /**
   * Nowhere: the processes share a network namespace that has no interface, not even a working
   * loopback (network_namespaces(7)). A unix socket is a file, so clients reach them as ever.
   */
  NONE;

  /** Why {@link #NONE} can't be had here; empty when it can. */
  public static Optional<String> hindrance() {
    return switch (NetworkNamespace.here()) {
      case NetworkNamespace.ByThread _, NetworkNamespace.ByProgram _ -> Optional.empty();
      case NetworkNamespace.Impossible(String why) -> Optional.of(why);
    };
  }

  Process start(ProcessBuilder builder) throws IOException {
    return switch (this) {
      case HOST -> builder.start();
      case NONE -> NetworkNamespace.here().start(builder);
    };
  }

  /** Whether a process is in it, as the kernel tells. One that has ended is. */
  boolean holds(long pid) {
    return switch (this) {
      case HOST -> true;
      case NONE -> !namespaceOf(Long.toString(pid)).equals(namespaceOf("self"));
    };
  }

  private static Optional<Path> namespaceOf(String process) {
    try {
      return Optional.of(Files.readSymbolicLink(Path.of("/proc", process, "ns", "net")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
