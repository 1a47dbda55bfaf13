package dev.anabranch.bench.gateway;

import java.util.Optional;

/**
 * A way for clients to reach the branch's rows.
 *
 * @param words what a report calls it
 * @param host an address, or the directory of a unix socket
 * @param password empty where none is asked
 * @param keepsPrepared whether statements that a client has prepared are there the next time
 * @param bouncer PgBouncer's process, where the way leads through one
 */
record Way(
    String words,
    String host,
    int port,
    String user,
    String database,
    String password,
    boolean keepsPrepared,
    Optional<Bouncer> bouncer) {

  boolean carries(Load load) {
    return keepsPrepared || load.mode() != Load.Mode.PREPARED;
  }
}
