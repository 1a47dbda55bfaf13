package dev.anabranch.server.settings;

import dev.anabranch.branch.BranchLimits;
import dev.anabranch.branch.BranchRules;
import dev.anabranch.branch.storage.Provider;
import dev.anabranch.cluster.Network;
import dev.anabranch.gateway.settings.GatewayLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One server's settings, all valid. What each means is said once, in {@link Setting}.
 *
 * @param data see {@link Setting#DATA}
 * @param main see {@link Setting#MAIN}; empty: embedded
 * @param mainPort see {@link Setting#MAIN_PORT}
 * @param controlUrl see {@link Setting#CONTROL_URL}; empty: embedded
 * @param httpHost see {@link Setting#HTTP_HOST}
 * @param httpPort see {@link Setting#HTTP_PORT}
 * @param gatewayHost see {@link Setting#GATEWAY_HOST}
 * @param gatewayPort see {@link Setting#GATEWAY_PORT}
 * @param tls what was said about encryption
 * @param limits what the gateway takes from its clients
 * @param access who HTTP lets in
 * @param pool what was said about pools
 * @param postgresBin see {@link Setting#POSTGRES_BIN}
 * @param postgresUser see {@link Setting#POSTGRES_USER}
 * @param storage see {@link Setting#STORAGE}; empty: auto
 * @param branchNetwork see {@link Setting#BRANCH_NETWORK}; empty: auto
 * @param rules how long branches run and are kept, and how many there may be
 * @param history what was said about main's past
 * @param promotions what was said about promotions
 * @param jsonLogs see {@link Setting#LOG_FORMAT}
 */
public record Settings(
    Path data,
    Optional<String> main,
    int mainPort,
    Optional<String> controlUrl,
    String httpHost,
    int httpPort,
    String gatewayHost,
    int gatewayPort,
    TlsOptions tls,
    GatewayLimits limits,
    AccessOptions access,
    PoolOptions pool,
    List<Path> postgresBin,
    Optional<String> postgresUser,
    Optional<Provider> storage,
    Optional<Network> branchNetwork,
    BranchRules rules,
    HistoryOptions history,
    PromotionOptions promotions,
    boolean jsonLogs) {

  private static final String LOOPBACK = "127.0.0.1";
  private static final int MOST_BRANCHES = 1000;

  /** What holds for branches when nothing is said. */
  static final BranchRules DEFAULT_RULES =
      new BranchRules(
          Optional.of(Duration.ofMinutes(30)),
          Duration.ofDays(1),
          new BranchLimits(MOST_BRANCHES, OptionalInt.empty()));

  public Settings {
    postgresBin = List.copyOf(postgresBin);
  }

  /** A server of its own in this directory, with an embedded main, on any free loopback ports. */
  public static Settings inDirectory(Path data) {
    return new Settings(
        data.toAbsolutePath().normalize(),
        Optional.empty(),
        0,
        Optional.empty(),
        LOOPBACK,
        0,
        LOOPBACK,
        0,
        TlsOptions.none(),
        GatewayLimits.usual(),
        AccessOptions.none(),
        PoolOptions.none(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        DEFAULT_RULES,
        HistoryOptions.none(),
        PromotionOptions.usual(),
        false);
  }

  /** The same on these ports. */
  public Settings withPorts(int mainPort, int httpPort, int gatewayPort) {
    return new Settings(
        data,
        main,
        mainPort,
        controlUrl,
        httpHost,
        httpPort,
        gatewayHost,
        gatewayPort,
        tls,
        limits,
        access,
        pool,
        postgresBin,
        postgresUser,
        storage,
        branchNetwork,
        rules,
        history,
        promotions,
        jsonLogs);
  }
}
