package dev.anabranch.gateway.session;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.gateway.relay.Relay;
import dev.anabranch.gateway.route.Route;
import dev.anabranch.gateway.settings.GatewayLimits;
import dev.anabranch.gateway.wire.BackendMessage;
import dev.anabranch.gateway.wire.Outbound;
import dev.anabranch.gateway.wire.StartupPacket;
import dev.anabranch.gateway.wire.ToClient;
import dev.anabranch.ledger.ControlOutage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.util.List;
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
 * (logs in)                          ⇄  ClientLogin
 *                                       BranchEntry                   → StartupMessage
 *                                    ←  ParameterStatus*              ← R S* K Z
 *                                       asks for the settings         ⇄
 *                                    ←  BackendKeyData (its own), ReadyForQuery
 * (anything)                         ⇄  Relay                         ⇄
 * </pre>
 */
public final class ClientSession extends ChannelInboundHandlerAdapter {

  private static final Logger log = LoggerFactory.getLogger(ClientSession.class);

  /** What a client may send before it is let in. */
  private static final int UNREAD_LIMIT_BYTES = 64 << 10;

  private final Host host;
  private final Channel client;
  private final ByteBuf unread;
  private final ClientTls tls;
  private Phase phase;
  private Runnable atEnd = () -> {};
  private Runnable cancel = () -> {};

  public ClientSession(Host host, Channel client) {
    this.host = host;
    this.client = client;
    this.unread = client.alloc().buffer();
    this.tls = new ClientTls(client, host.settings().encryption(), host.offLoop());
    this.phase = new Phase.LoggingIn(new ClientLogin(this, host, client, tls, unread));
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
    if (phase instanceof Phase.LoggingIn(ClientLogin login) && login.awaitsClient()) {
      Outbound.close(client);
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
      if (phase instanceof Phase.LoggingIn(ClientLogin login)) {
        login.advance();
      }
    } catch (AnabranchException e) {
      refuse(e);
    } finally {
      bytes.release();
    }
  }

  /** The login is done: the client is who it says. */
  void loggedIn(StartupPacket.Startup startup, Route route) {
    phase = new Phase.Entering();
    offLoop(() -> BranchEntry.open(host, client, startup, route), this::enter);
  }

  private void enter(BranchEntry entry) {
    entry.admit();
    finallyAlso(entry::left);
    entry.inTurn(() -> {
      if (!(phase instanceof Phase.Ended)) {
        entry.connect(
            (branch, reported, key) -> goLive(entry, branch, reported, key), this::refuse);
      }
    });
  }

  private void goLive(
      BranchEntry entry,
      Channel branch,
      List<BackendMessage.ParameterStatus> reported,
      BackendMessage.BackendKey key) {
    if (phase instanceof Phase.Ended) {
      Outbound.close(branch);
      return;
    }
    Relay relay = entry.relay(branch, reported);
    CancelKeys.CancelKey ownKey = entry.enlist(this, key);
    finallyAlso(() -> entry.forget(this, ownKey));
    Cancellation cancellation = entry.cancellation(key);
    cancel = () -> relay.afterOwnQuestion(() -> cancellation.send(client.eventLoop()));
    phase = new Phase.Live(relay);
    Future<?> deadline = soon(() -> relay.end(entry.starting()));
    relay.begin(() -> {
      entry.begun();
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
  void cancel() {
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

  /** Does what is slow elsewhere and then goes on; meanwhile the client is not read. */
  <T> void offLoop(Supplier<T> slow, Consumer<T> then) {
    client.config().setAutoRead(false);
    host.offLoop()
        .execute(() -> {
          try {
            T result = slow.get();
            client.eventLoop().execute(() -> resume(() -> then.accept(result)));
          } catch (AnabranchException e) {
            client.eventLoop().execute(() -> refuse(e));
          } catch (RuntimeException | Error e) {
            // Whatever it is, the client waits for a word.
            log.error("A login failed", e);
            client.eventLoop().execute(() -> refuse(ControlOutage.numbered(e)));
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

  /** Ends a connection that is no session yet, with a sentence. */
  void refuse(AnabranchException failure) {
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
