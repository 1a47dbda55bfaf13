package dev.anabranch.gateway.session;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.gateway.auth.ScramExchange;
import dev.anabranch.gateway.auth.ScramVerifier;
import dev.anabranch.gateway.route.Route;
import dev.anabranch.gateway.wire.FrontendDecoder;
import dev.anabranch.gateway.wire.FrontendMessage;
import dev.anabranch.gateway.wire.Outbound;
import dev.anabranch.gateway.wire.SaslInitialResponse;
import dev.anabranch.gateway.wire.StartupPacket;
import dev.anabranch.gateway.wire.ToClient;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A client's login, from its first packet to the proof of its password. Runs on the connection's
 * event loop and tells the session how it ends.
 *
 * <pre>
 * client                                gateway
 * (SSLRequest                        →  S, and TLS from here; or N)
 * StartupMessage                     →  (finds the branch)
 *                                    ←  AuthenticationSASL
 * SASLInitialResponse, SASLResponse  →  (checks the proof)
 *                                    ←  SASLFinal, AuthenticationOk
 * </pre>
 */
final class ClientLogin {

  private final ClientSession session;
  private final Host host;
  private final Channel client;
  private final ClientTls tls;
  private final ByteBuf unread;
  private final FrontendDecoder decoder = new FrontendDecoder();
  private Step step = new Step.Greeting();

  /** How far it has come. */
  private sealed interface Step {

    /** Nothing said yet, or encryption was refused. */
    record Greeting() implements Step {}

    /** Not the client's turn: its branch is looked up, or the login is decided. */
    record Waiting() implements Step {}

    /** The client must choose SCRAM and begin it. */
    record Challenged(StartupPacket.Startup startup, Route route, ScramVerifier verifier)
        implements Step {}

    /** The client must prove that it knows the password. */
    record Proving(StartupPacket.Startup startup, Route route, ScramExchange exchange)
        implements Step {}
  }

  /**
   * @param session is told who has come, or why nobody may
   * @param unread where what the client sent is put before {@link #advance}
   */
  ClientLogin(ClientSession session, Host host, Channel client, ClientTls tls, ByteBuf unread) {
    this.session = session;
    this.host = host;
    this.client = client;
    this.tls = tls;
    this.unread = unread;
  }

  /** Whether it is the client that lets everybody wait. */
  boolean awaitsClient() {
    return switch (step) {
      case Step.Greeting _, Step.Challenged _, Step.Proving _ -> true;
      case Step.Waiting _ -> false;
    };
  }

  /**
   * Reads on.
   *
   * @throws AnabranchException when the client is to be refused at once
   */
  void advance() {
    switch (step) {
      case Step.Greeting _ -> {
        if (tls.isBegunBy(unread)) {
          tls.begin(unread);
        } else {
          StartupPacket.read(unread).ifPresent(this::greeted);
        }
      }
      case Step.Challenged _, Step.Proving _ -> {
        decoder.read(unread, this::credentials);
        unread.clear();
      }
      case Step.Waiting _ -> {}
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
    step = new Step.Waiting();
    session.offLoop(() -> lookUp(startup), this::challenge);
  }

  /** Runs off the loop. */
  private Step.Challenged lookUp(StartupPacket.Startup startup) {
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
    return new Step.Challenged(startup, route, verifier);
  }

  private void challenge(Step.Challenged challenged) {
    step = challenged;
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
    switch (step) {
      case Step.Challenged challenged -> chosen(challenged, SaslInitialResponse.of(credentials));
      case Step.Proving proving ->
          proof(proving, credentials.data().toString(StandardCharsets.UTF_8));
      case Step.Greeting _, Step.Waiting _ ->
          throw new AnabranchException(
              ErrorCode.WIRE_VIOLATION, "a password that nobody asked for");
    }
  }

  private void chosen(Step.Challenged challenged, SaslInitialResponse first) {
    ScramExchange exchange =
        ScramExchange.begin(
            challenged.route().name().value(),
            challenged.verifier(),
            first.mechanism(),
            tls.bindingData(),
            first.data(),
            host.random());
    step = new Step.Proving(challenged.startup(), challenged.route(), exchange);
    Outbound.send(
        client, ToClient.authenticationSaslContinue(client.alloc(), exchange.challenge()));
  }

  private void proof(Step.Proving proving, String response) {
    step = new Step.Waiting();
    String last;
    try {
      last = proving.exchange().finish(response);
    } catch (AnabranchException e) {
      refuseLater(e);
      return;
    }
    host.loginFailures().succeeded(address());
    Outbound.queue(client, ToClient.authenticationSaslFinal(client.alloc(), last));
    Outbound.send(client, ToClient.authenticationOk(client.alloc()));
    session.loggedIn(proving.startup(), proving.route());
  }

  private void refuseLater(AnabranchException failure) {
    client.config().setAutoRead(false);
    Duration delay = host.loginFailures().failed(address());
    Outbound.later(client, delay, () -> session.refuse(failure));
  }

  private String address() {
    return client.remoteAddress() instanceof InetSocketAddress internet
        ? internet.getAddress().getHostAddress()
        : "";
  }
}
