package dev.anabranch.gateway.settings;

import java.time.Duration;
import java.util.Optional;

/**
 * How much a gateway takes from its clients, and how long it bears with them.
 *
 * @param connections at one time, to all branches
 * @param branchConnections at one time, to one branch
 * @param login how long a client may take to prove who it is, and a running branch to let it in
 * @param idle how long a session may be asked nothing before it is ended; empty: for ever
 * @param messageBytes the longest message of a client
 * @param drain how long transactions under way may go on when the gateway stops
 */
public record GatewayLimits(
    int connections,
    int branchConnections,
    Duration login,
    Optional<Duration> idle,
    int messageBytes,
    Duration drain) {

  /** Postgres's own limit for one message (PQ_LARGE_MESSAGE_LIMIT). */
  public static final int LONGEST_MESSAGE = 0x3fffffff;

  /**
   * Checks and promotions need connections of a branch too; of the 70 that it has, three are kept
   * for superusers.
   */
  public static final int MOST_BRANCH_CONNECTIONS = 65;

  private static final int MOST_CONNECTIONS = 1000;
  private static final int USUAL_BRANCH_CONNECTIONS = 40;

  /** As it is by default. */
  public static GatewayLimits usual() {
    return new GatewayLimits(
        MOST_CONNECTIONS,
        USUAL_BRANCH_CONNECTIONS,
        Duration.ofMinutes(1),
        Optional.empty(),
        LONGEST_MESSAGE,
        Duration.ofSeconds(5));
  }

  public GatewayLimits withConnections(int limit) {
    return new GatewayLimits(limit, branchConnections, login, idle, messageBytes, drain);
  }

  public GatewayLimits withBranchConnections(int limit) {
    return new GatewayLimits(connections, limit, login, idle, messageBytes, drain);
  }

  public GatewayLimits withLogin(Duration limit) {
    return new GatewayLimits(connections, branchConnections, limit, idle, messageBytes, drain);
  }

  public GatewayLimits withIdle(Duration limit) {
    return new GatewayLimits(
        connections, branchConnections, login, Optional.of(limit), messageBytes, drain);
  }

  public GatewayLimits withMessageBytes(int limit) {
    return new GatewayLimits(connections, branchConnections, login, idle, limit, drain);
  }

  public GatewayLimits withDrain(Duration limit) {
    return new GatewayLimits(connections, branchConnections, login, idle, messageBytes, limit);
  }
}
