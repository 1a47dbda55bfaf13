package dev.anabranch.gateway.session;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.gateway.relay.Relay;
import dev.anabranch.gateway.relay.Session;
import dev.anabranch.gateway.route.Destination;
import dev.anabranch.gateway.route.Route;
import dev.anabranch.gateway.wire.BackendMessage;
import dev.anabranch.gateway.wire.Outbound;
import dev.anabranch.gateway.wire.StartupPacket;
import dev.anabranch.gateway.wire.ToClient;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's way into its branch once it is known who it is: the branch is opened, the client
 * counted in, connected when its turn comes, and relayed from there. After {@link #open} all of it
 * runs on the client's event loop.
 */
final class BranchEntry {

  private static final Logger log = LoggerFactory.getLogger(BranchEntry.class);

  private final Host host;
  private final Channel client;
  private final StartupPacket.Startup startup;
  private final Route route;
  private final Destination destination;
  private final BranchTraffic traffic;
  private Runnable endOfTurn = () -> {};

  private BranchEntry(
      Host host,
      Channel client,
      StartupPacket.Startup startup,
      Route route,
      Destination destination,
      BranchTraffic traffic) {
    this.host = host;
    this.client = client;
    this.startup = startup;
    this.route = route;
    this.destination = destination;
    this.traffic = traffic;
  }

  /** Wakes the branch if need be. Runs off the loop. */
  static BranchEntry open(Host host, Channel client, StartupPacket.Startup startup, Route route) {
    Destination destination = host.routes().open(route);
    BranchTraffic traffic = host.traffic(destination.branch());
    return new BranchEntry(host, client, startup, route, destination, traffic);
  }

  /**
   * Counts the client in; {@link #left} is then to be called in the end.
   *
   * @throws AnabranchException BRANCH_CONNECTION_LIMIT
   */
  void admit() {
    int limit = host.settings().limits().branchConnections();
    if (!traffic.admit(limit)) {
      throw new AnabranchException(ErrorCode.BRANCH_CONNECTION_LIMIT, route.name(), limit);
    }
  }

  /** Runs an action when the branches' servers may start one more process. */
  void inTurn(Runnable action) {
    endOfTurn = host.throttle().enter(client.eventLoop(), action)::end;
  }

  /** The session has begun: it is the next one's turn. */
  void begun() {
    endOfTurn.run();
  }

  /** The client is gone, wherever it had got to. */
  void left() {
    traffic.dismissed();
    endOfTurn.run();
  }

  /**
   * Connects to the branch's Postgres and logs in there. One of the two is told.
   *
   * @param refused takes a SQLSTATE and a sentence
   */
  void connect(BranchLogin.LoggedIn loggedIn, BiConsumer<String, String> refused) {
    new Bootstrap()
        .group(client.eventLoop())
        .channel(host.sockets().unixClient())
        .option(ChannelOption.AUTO_CLOSE, false)
        .option(ChannelOption.RECVBUF_ALLOCATOR, Sockets.reading())
        .handler(
            new BranchLogin(
                BranchParameters.of(startup, destination),
                host.settings().limits().login(),
                loggedIn,
                refused))
        .connect(host.sockets().unixAddress(destination.socket()))
        .addListener(connected -> {
          if (!connected.isSuccess()) {
            log.warn("{} can't be connected to", route, connected.cause());
            AnabranchException failure = starting();
            refused.accept(failure.code().sqlState(), String.valueOf(failure.getMessage()));
          }
        });
  }

  /** What the client is told when the branch's Postgres does not do its part. */
  AnabranchException starting() {
    return new AnabranchException(ErrorCode.BRANCH_STARTING, route.name());
  }

  /**
   * The relay between the client and its session in the branch's Postgres. The client is told what
   * that has reported.
   */
  Relay relay(Channel branch, List<BackendMessage.ParameterStatus> reported) {
    Session session =
        new Session(
            destination.branch(),
            UUID.randomUUID(),
            traffic.clock(),
            destination.recorded(),
            destination.user(),
            clientHost(),
            traffic.unsettling(),
            host.settings().traps());
    Relay relay = new Relay(client, branch, session, host.ledger(), host.settings());
    branch.pipeline().addLast(new BranchSide(relay));
    relay.startedWith(startup.parameters());
    for (BackendMessage.ParameterStatus parameter : reported) {
      relay.parameter(parameter);
      Outbound.queue(
          client, ToClient.parameterStatus(client.alloc(), parameter.name(), parameter.value()));
    }
    return relay;
  }

  private String clientHost() {
    return client.remoteAddress() instanceof InetSocketAddress internet
        ? internet.getAddress().getHostAddress()
        : "";
  }

  /**
   * Lists a session among the branch's; {@link #forget} is then to be called in the end.
   *
   * @return the key by which the client can have its statements cancelled
   */
  CancelKeys.CancelKey enlist(ClientSession session, BackendMessage.BackendKey key) {
    boolean longSecret = startup.minorVersion() >= StartupPacket.NEWEST_MINOR;
    CancelKeys.CancelKey ownKey = host.cancelKeys().add(key.processId(), longSecret, session);
    traffic.sessions().add(session);
    return ownKey;
  }

  /** It is no longer one of them. */
  void forget(ClientSession session, CancelKeys.CancelKey ownKey) {
    host.cancelKeys().remove(ownKey);
    traffic.sessions().remove(session);
  }

  /** How a statement of this session in the branch's Postgres is cancelled. */
  Cancellation cancellation(BackendMessage.BackendKey key) {
    return new Cancellation(host.sockets(), destination, key);
  }
}
