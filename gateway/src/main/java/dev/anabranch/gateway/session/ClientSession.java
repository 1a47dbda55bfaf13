package dev.anabranch.gateway.session;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.gateway.Destination;
import dev.anabranch.gateway.GatewayLimits;
import dev.anabranch.gateway.Route;
import dev.anabranch.gateway.auth.ScramExchange;
import dev.anabranch.gateway.auth.ScramVerifier;
import dev.anabranch.gateway.relay.Relay;
import dev.anabranch.gateway.relay.Session;
import dev.anabranch.gateway.wire.BackendMessage;
import dev.anabranch.gateway.wire.FrontendDecoder;
import dev.anabranch.gateway.wire.FrontendMessage;
import dev.anabranch.gateway.wire.Outbound;
import dev.anabranch.gateway.wire.SaslInitialResponse;
import dev.anabranch.gateway.wire.StartupPacket;
import dev.anabranch.gateway.wire.ToClient;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection, from its first byte to its last. All of it runs on the connection's event
 * loop; what is slow is done elsewhere and comes back.
 *
 * <pre>
 * client                                gateway                         branch
 * (SSLRequest                        →  S, and TLS from here; or N)
 * StartupMessage                     →  (finds the branch)
 *                                    ←  AuthenticationSASL
 * SASLInitialResponse, SASLResponse  →  (checks the proof)
 *                                    ←  SASLFinal, AuthenticationOk
 *                                       (wakes the branch)            → StartupMessage
 *                                    ←  ParameterStatus*              ← R S* K Z
 *                                       asks for the settings         ⇄
 *                                    ←  BackendKeyData (its own), ReadyForQuery
 * </pre>
 */
public final class ClientSession extends ChannelInboundHandlerAdapter {

  private static final Logger log = LoggerFactory.getLogger(ClientSession.class);

  /** What a client may send before it is let in. */
  private static final int UNREAD_LIMIT_BYTES = 64 << 10;

  private final Host host;
  private final Channel client;
  private final FrontendDecoder decoder = new FrontendDecoder();
  private final ByteBuf unread;
  private final ClientTls tls;
  private Phase phase = new Phase.Greeting();
  private Runnable atEnd = () -> {};
  private Runnable cancel = () -> {};
  private Runnable begun = () -> {};

  public ClientSession(Host host, Channel client) {
    this.host = host;
    this.client = client;
    this.unread = client.alloc().buffer();
    this.tls = new ClientTls(client, host.settings().encryption(), host.offLoop());
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (!host.admit()) {
      refuse(new AnabranchException(ErrorCode.CONNECTION_LIMIT, limits().connections()));
      return;
    }
    Future<?> deadline = soon(this::loginTookTooLong);
    atEnd =
        () -> {
          deadline.cancel(false);
          host.dismissed();
        };
  }

  private Future<?> soon(Runnable action) {
    return client.eventLoop().schedule(action, limits().login().toMillis(), TimeUnit.MILLISECONDS);
  }

  private GatewayLimits limits() {
    return host.settings().limits();
  }

  private void loginTookTooLong() {
    switch (phase) {
      case Phase.Greeting _, Phase.Challenged _, Phase.Proving _ -> Outbound.close(client);
      case Phase.Waiting _, Phase.Live _, Phase.Ended _ -> {}
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (phase instanceof Phase.Live(Relay relay)) {
      relay.clientSent(bytes);
      return;
    }
    try {
      if (phase instanceof Phase.Ended) {
        return;
      }
      if (unread.readableBytes() + bytes.readableBytes() > UNREAD_LIMIT_BYTES) {
        throw new AnabranchException(
            ErrorCode.WIRE_VIOLATION, "too much was sent before the login was done");
      }
      unread.writeBytes(bytes);
      advance();
    } catch (AnabranchException e) {
      refuse(e);
    } finally {
      bytes.release();
    }
  }

  private void advance() {
    switch (phase) {
      case Phase.Greeting _ -> {
        if (tls.isBegunBy(unread)) {
          tls.begin(unread);
        } else {
          StartupPacket.read(unread).ifPresent(this::greeted);
        }
      }
      case Phase.Challenged _, Phase.Proving _ -> {
        decoder.read(unread, this::credentials);
        unread.clear();
      }
      case Phase.Waiting _, Phase.Live _, Phase.Ended _ -> {}
    }
  }

  private void greeted(StartupPacket packet) {
    tls.spoken();
    switch (packet) {
      case StartupPacket.TlsRequest _ -> {
        tls.asked(unread);
        advance();
      }
      case StartupPacket.GssRequest _ -> {
        Outbound.send(client, ToClient.noEncryption(client.alloc()));
        advance();
      }
      case StartupPacket.CancelRequest(int processId, ByteBuffer secret) -> {
        host.cancelKeys()
            .find(new CancelKeys.CancelKey(processId, secret))
            .ifPresent(ClientSession::cancel);
        Outbound.close(client);
      }
      case StartupPacket.Startup startup -> startup(startup);
    }
  }

  private void startup(StartupPacket.Startup startup) {
    tls.requireIfNeeded();
    if (host.isStopping()) {
      throw new AnabranchException(ErrorCode.GATEWAY_STOPPING);
    }
    startup.refuseReplication();
    startup
        .negotiation()
        .ifPresent(offer ->
            Outbound.queue(
                client,
                ToClient.negotiateProtocolVersion(
                    client.alloc(), offer.minorVersion(), offer.unknownOptions())));
    phase = new Phase.Waiting();
    offLoop(() -> lookUp(startup), this::challenge);
  }

  /** Runs off the loop. */
  private Phase.Challenged lookUp(StartupPacket.Startup startup) {
    String user = startup.parameters().getOrDefault("user", "");
    String database = startup.parameters().getOrDefault("database", user);
    Route route =
        host.routes()
            .find(database)
            .orElseThrow(() -> new AnabranchException(ErrorCode.BRANCH_UNKNOWN, database));
    if (!route.name().value().equals(user)) {
      throw new AnabranchException(ErrorCode.LOGIN_FAILED, user);
    }
    ScramVerifier verifier = host.verifier(route);
    return new Phase.Challenged(startup, route, verifier);
  }

  private void challenge(Phase.Challenged challenged) {
    phase = challenged;
    Outbound.send(
        client,
        ToClient.authenticationSasl(client.alloc(), ScramExchange.mechanisms(tls.bindingData())));
    advance();
  }

  private void credentials(FrontendMessage message) {
    if (!(message instanceof FrontendMessage.Credentials credentials)) {
      throw new AnabranchException(
          ErrorCode.WIRE_VIOLATION, "something else where the login was to go on");
    }
    switch (phase) {
      case Phase.Challenged(StartupPacket.Startup startup, Route route, ScramVerifier verifier) -> {
        SaslInitialResponse first = SaslInitialResponse.of(credentials);
        ScramExchange exchange =
            ScramExchange.begin(
                route.name().value(),
                verifier,
                first.mechanism(),
                tls.bindingData(),
                first.data(),
                host.random());
        phase = new Phase.Proving(startup, route, exchange);
        Outbound.send(
            client, ToClient.authenticationSaslContinue(client.alloc(), exchange.challenge()));
      }
      case Phase.Proving(StartupPacket.Startup startup, Route route, ScramExchange exchange) -> {
        String last;
        try {
          last = exchange.finish(credentials.data().toString(StandardCharsets.UTF_8));
        } catch (AnabranchException e) {
          refuseLater(e);
          return;
        }
        host.loginFailures().succeeded(address());
        Outbound.queue(client, ToClient.authenticationSaslFinal(client.alloc(), last));
        Outbound.send(client, ToClient.authenticationOk(client.alloc()));
        phase = new Phase.Waiting();
        offLoop(() -> opened(route), opened -> enter(startup, opened));
      }
      case Phase.Greeting _, Phase.Waiting _, Phase.Live _, Phase.Ended _ ->
          throw new AnabranchException(
              ErrorCode.WIRE_VIOLATION, "a password that nobody asked for");
    }
  }

  private void refuseLater(AnabranchException failure) {
    phase = new Phase.Waiting();
    client.config().setAutoRead(false);
    Duration delay = host.loginFailures().failed(address());
    Outbound.later(client, delay, () -> refuse(failure));
  }

  private String address() {
    return client.remoteAddress() instanceof InetSocketAddress internet
        ? internet.getAddress().getHostAddress()
        : "";
  }

  private record Opened(Route route, Destination destination, BranchTraffic traffic) {}

  /** Runs off the loop. */
  private Opened opened(Route route) {
    Destination destination = host.routes().open(route);
    return new Opened(route, destination, host.traffic(destination.branch()));
  }

  private void enter(StartupPacket.Startup startup, Opened opened) {
    if (!opened.traffic().admit(limits().branchConnections())) {
      throw new AnabranchException(
          ErrorCode.BRANCH_CONNECTION_LIMIT, opened.route().name(), limits().branchConnections());
    }
    finallyAlso(opened.traffic()::dismissed);
    begun = host.turnstile().enter(client.eventLoop(), () -> connect(startup, opened))::end;
    finallyAlso(begun);
  }

  private void connect(StartupPacket.Startup startup, Opened opened) {
    if (phase instanceof Phase.Ended) {
      return;
    }
    new Bootstrap()
        .group(client.eventLoop())
        .channel(host.sockets().unixClient())
        .option(ChannelOption.AUTO_CLOSE, false)
        .option(ChannelOption.RECVBUF_ALLOCATOR, Sockets.reading())
        .handler(
            new BranchLogin(
                BranchParameters.of(startup, opened.destination()),
                limits().login(),
                (branch, reported, key) -> goLive(startup, opened, branch, reported, key),
                this::refuse))
        .connect(host.sockets().unixAddress(opened.destination().socket()))
        .addListener(connected -> {
          if (!connected.isSuccess()) {
            log.warn("{} can't be connected to", opened.route(), connected.cause());
            refuse(new AnabranchException(ErrorCode.BRANCH_STARTING, opened.route().name()));
          }
        });
  }

  private void goLive(
      StartupPacket.Startup startup,
      Opened opened,
      Channel branch,
      List<BackendMessage.ParameterStatus> reported,
      BackendMessage.BackendKey key) {
    if (phase instanceof Phase.Ended) {
      Outbound.close(branch);
      return;
    }
    Session session =
        new Session(
            opened.destination().branch(),
            UUID.randomUUID(),
            opened.traffic().clock(),
            opened.destination().recorded());
    Relay relay = new Relay(client, branch, session, host.ledger(), host.settings());
    branch.pipeline().addLast(new BranchSide(relay));
    relay.startedWith(startup.parameters());
    for (BackendMessage.ParameterStatus parameter : reported) {
      relay.parameter(parameter);
      Outbound.queue(
          client, ToClient.parameterStatus(client.alloc(), parameter.name(), parameter.value()));
    }
    boolean longSecret = startup.minorVersion() >= StartupPacket.NEWEST_MINOR;
    CancelKeys.CancelKey ownKey = host.cancelKeys().add(key.processId(), longSecret, this);
    opened.traffic().sessions().add(this);
    finallyAlso(() -> {
      host.cancelKeys().remove(ownKey);
      opened.traffic().sessions().remove(this);
    });
    Cancellation cancellation = new Cancellation(host.sockets(), opened.destination(), key);
    cancel = () -> relay.afterOwnQuestion(() -> cancellation.send(client.eventLoop()));
    phase = new Phase.Live(relay);
    Future<?> deadline =
        soon(() ->
            relay.end(new AnabranchException(ErrorCode.BRANCH_STARTING, opened.route().name())));
    relay.begin(() -> {
      begun.run();
      deadline.cancel(false);
      Outbound.queue(
          client, ToClient.backendKey(client.alloc(), ownKey.processId(), ownKey.secret()));
      Outbound.send(
          client, ToClient.readyForQuery(client.alloc(), BackendMessage.TransactionStatus.IDLE));
    });
    if (host.isStopping()) {
      // Whoever stops it may have looked for sessions before this one was there.
      relay.end(new AnabranchException(ErrorCode.GATEWAY_STOPPING));
    }
    if (unread.isReadable()) {
      relay.clientSent(unread.readBytes(unread.readableBytes()));
    }
  }

  private void finallyAlso(Runnable action) {
    Runnable before = atEnd;
    atEnd =
        () -> {
          before.run();
          action.run();
        };
  }

  /** Stops what the session's statement is doing; from any thread. */
  private void cancel() {
    client.eventLoop().execute(() -> cancel.run());
  }

  /** Ends the session with a sentence; from any thread. Completes when that is said. */
  public CompletableFuture<Void> end(AnabranchException failure) {
    return CompletableFuture.runAsync(
        () -> {
          if (phase instanceof Phase.Live(Relay relay)) {
            relay.end(failure);
          } else {
            refuse(failure);
          }
        },
        client.eventLoop());
  }

  /**
   * Ends the session with a sentence as soon as it has no transaction under way, and then runs an
   * action; from any thread.
   */
  public void drain(AnabranchException failure, Runnable then) {
    client
        .eventLoop()
        .execute(() -> {
          if (phase instanceof Phase.Live(Relay relay)) {
            relay.drain(failure, then);
          } else {
            refuse(failure);
            then.run();
          }
        });
  }

  /**
   * Runs an action once all that the client got so far was seen by the ledger's queue; from any
   * thread.
   */
  public void whenSettled(Runnable action) {
    client
        .eventLoop()
        .execute(() -> {
          if (phase instanceof Phase.Live(Relay relay)) {
            relay.afterOwnQuestion(action);
          } else {
            action.run();
          }
        });
  }

  private <T> void offLoop(Supplier<T> slow, Consumer<T> then) {
    client.config().setAutoRead(false);
    host.offLoop()
        .execute(() -> {
          try {
            T result = slow.get();
            client.eventLoop().execute(() -> resume(() -> then.accept(result)));
          } catch (AnabranchException e) {
            client.eventLoop().execute(() -> refuse(e));
          } catch (RuntimeException e) {
            log.error("A login failed", e);
            String why = String.valueOf(e.getMessage());
            client
                .eventLoop()
                .execute(() -> refuse(new AnabranchException(ErrorCode.INTERNAL, e, why)));
          }
        });
  }

  private void resume(Runnable then) {
    if (phase instanceof Phase.Ended) {
      return;
    }
    client.config().setAutoRead(true);
    try {
      then.run();
    } catch (AnabranchException e) {
      refuse(e);
    }
  }

  private void refuse(AnabranchException failure) {
    refuse(failure.code().sqlState(), String.valueOf(failure.getMessage()));
  }

  private void refuse(String sqlState, String sentence) {
    if (phase instanceof Phase.Ended) {
      return;
    }
    phase = new Phase.Ended();
    Outbound.sendAndLinger(client, ToClient.fatal(client.alloc(), sqlState, sentence));
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (phase instanceof Phase.Live(Relay relay)) {
      relay.regulate();
    }
  }

  /** TLS has begun; or the client has closed its side of the connection, perhaps only that. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      tls.completed(handshake);
    } else if (event instanceof ChannelInputShutdownEvent) {
      if (phase instanceof Phase.Live(Relay relay)) {
        relay.clientFinished();
      } else {
        Outbound.close(client);
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    Phase last = phase;
    phase = new Phase.Ended();
    if (last instanceof Phase.Live(Relay relay)) {
      relay.lost();
    }
    unread.release();
    atEnd.run();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException || cause instanceof DecoderException) {
      log.debug("A client's connection failed", cause);
    } else {
      log.error("A client's connection is closed because of a defect", cause);
    }
    Outbound.close(context.channel());
  }
}
