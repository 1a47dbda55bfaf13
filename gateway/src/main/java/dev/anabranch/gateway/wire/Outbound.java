package dev.anabranch.gateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Sending without looking back. A write that fails is told to the pipeline's {@code
 * exceptionCaught}, which ends the connection; so nobody needs the futures.
 */
@SuppressWarnings("FutureReturnValueIgnored")
public final class Outbound {

  private static final Duration LINGER = Duration.ofSeconds(2);

  private Outbound() {}

  /** Sends at once. */
  public static void send(Channel channel, ByteBuf bytes) {
    channel.writeAndFlush(bytes, channel.voidPromise());
  }

  /** Sends with whatever is sent next. */
  public static void queue(Channel channel, ByteBuf bytes) {
    channel.write(bytes, channel.voidPromise());
  }

  /** Sends these last bytes and closes. */
  public static void sendAndClose(Channel channel, ByteBuf bytes) {
    channel.writeAndFlush(bytes).addListener(ChannelFutureListener.CLOSE);
  }

  /**
   * Sends these last bytes, and closes once the other side has closed too. A close while there are
   * bytes to read would make the other side's system drop what it has not read yet.
   */
  public static void sendAndLinger(Channel channel, ByteBuf bytes) {
    channel.config().setAutoRead(true);
    send(channel, bytes);
    finish(channel);
    var _ =
        channel
            .eventLoop()
            .schedule(() -> close(channel), LINGER.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Does something on the channel's loop when the time has passed. */
  public static void later(Channel channel, Duration delay, Runnable action) {
    channel.eventLoop().schedule(action, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Says that nothing more will be sent, once all that was sent is; the other side may go on. */
  public static void finish(Channel channel) {
    channel
        .writeAndFlush(channel.alloc().buffer(0))
        .addListener(_ -> {
          SslHandler tls = channel.pipeline().get(SslHandler.class);
          if (tls == null) {
            shutdownOutput(channel);
          } else {
            tls.closeOutbound().addListener(_ -> shutdownOutput(channel));
          }
        });
  }

  private static void shutdownOutput(Channel channel) {
    if (channel instanceof DuplexChannel duplex) {
      duplex.shutdownOutput();
    }
  }

  public static void close(Channel channel) {
    channel.close();
  }
}
