package dev.anabranch.gateway.session;

import dev.anabranch.gateway.wire.BackendDecoder;
import dev.anabranch.gateway.wire.BackendMessage;
import dev.anabranch.gateway.wire.Outbound;
import dev.anabranch.gateway.wire.ToBranch;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Logs in to a branch's Postgres over its private socket, which trusts whoever can reach it.
 *
 * <pre>
 * gateway  StartupMessage
 * branch   R(ok) S* K Z
 * </pre>
 */
final class BranchLogin extends ChannelInboundHandlerAdapter {

  private final Map<String, String> parameters;
  private final Duration limit;
  private final LoggedIn loggedIn;
  private final BiConsumer<String, String> refused;
  private final BackendDecoder decoder = new BackendDecoder();
  private final List<BackendMessage.ParameterStatus> reported = new ArrayList<>();
  private BackendMessage.BackendKey key = new BackendMessage.BackendKey(0, 0);
  private Runnable atEnd = () -> {};
  private boolean done;

  /** Takes the connection over. */
  @FunctionalInterface
  interface LoggedIn {
    void accept(
        Channel branch,
        List<BackendMessage.ParameterStatus> reported,
        BackendMessage.BackendKey key);
  }

  /**
   * One of the two is told, once.
   *
   * @param refused takes a SQLSTATE and a sentence
   */
  BranchLogin(
      Map<String, String> parameters,
      Duration limit,
      LoggedIn loggedIn,
      BiConsumer<String, String> refused) {
    this.parameters = parameters;
    this.limit = limit;
    this.loggedIn = loggedIn;
    this.refused = refused;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    Outbound.send(context.channel(), ToBranch.startup(context.alloc(), parameters));
    Future<?> deadline =
        context
            .executor()
            .schedule(
                () -> refuse(context, "57P03", "The branch does not reply: try again in a moment."),
                limit.toMillis(),
                TimeUnit.MILLISECONDS);
    atEnd = () -> deadline.cancel(false);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      decoder.read(bytes, reply -> replied(context, reply));
    } finally {
      bytes.release();
    }
  }

  private void replied(ChannelHandlerContext context, BackendMessage reply) {
    switch (reply) {
      case BackendMessage.ParameterStatus parameter -> reported.add(parameter);
      case BackendMessage.BackendKey backendKey -> key = backendKey;
      case BackendMessage.ReadyForQuery _ -> {
        done = true;
        atEnd.run();
        loggedIn.accept(context.channel(), List.copyOf(reported), key);
        context.pipeline().remove(this);
      }
      case BackendMessage.ErrorResponse error -> refuse(context, error.sqlState(), error.message());
      case BackendMessage.AuthenticationRequest(int kind) ->
          refuse(
              context, "28000", "The branch's Postgres asks for a password (kind " + kind + ").");
      case BackendMessage.AuthenticationOk _, BackendMessage.Asynchronous _ -> {}
      case BackendMessage.RowDescription _,
          BackendMessage.NoData _,
          BackendMessage.ParameterDescription _,
          BackendMessage.DataRow _,
          BackendMessage.CommandComplete _,
          BackendMessage.PortalSuspended _,
          BackendMessage.EmptyQuery _,
          BackendMessage.ParseComplete _,
          BackendMessage.BindComplete _,
          BackendMessage.CloseComplete _,
          BackendMessage.CopyIn _,
          BackendMessage.CopyOut _,
          BackendMessage.CopyPart _,
          BackendMessage.FunctionResult _ ->
          refuse(
              context,
              "08P01",
              "The branch's Postgres replied out of turn while the session began.");
    }
  }

  private void refuse(ChannelHandlerContext context, String sqlState, String sentence) {
    if (!done) {
      done = true;
      atEnd.run();
      refused.accept(sqlState, sentence);
      Outbound.close(context.channel());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    refuse(
        context,
        "57P03",
        "The branch's Postgres ended while the session began: try again in a moment.");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    refuse(context, "58000", "The branch's Postgres can't be talked to: " + cause.getMessage());
  }
}
