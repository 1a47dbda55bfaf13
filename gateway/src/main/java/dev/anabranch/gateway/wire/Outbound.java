package dev.anabranch.gateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;

/**
 * Sending without looking back. A write that fails is told to the pipeline's {@code
 * exceptionCaught}, which ends the connection; so nobody needs the futures.
 */
@SuppressWarnings("FutureReturnValueIgnored")
public final class Outbound {

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

  public static void close(Channel channel) {
    channel.close();
  }
}
