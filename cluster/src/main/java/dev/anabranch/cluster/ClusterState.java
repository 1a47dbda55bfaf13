package dev.anabranch.cluster;

import java.nio.file.Path;

/** What a cluster is doing, as its {@code postmaster.pid} and the system's process table say. */
public sealed interface ClusterState {

  /** No process of this data directory runs. */
  record Stopped() implements ClusterState {}

  /** It runs and does not accept connections: starting, recovering or stopping. */
  record Busy(long pid) implements ClusterState {}

  /** It runs and accepts connections, perhaps for reading only. */
  record Ready(long pid) implements ClusterState {}

  /** Of whatever runs in this data directory. */
  static ClusterState of(Path data) {
    return PostmasterFile.ofLiving(data)
        .<ClusterState>map(file -> file.ready() ? new Ready(file.pid()) : new Busy(file.pid()))
        .orElseGet(Stopped::new);
  }
}
