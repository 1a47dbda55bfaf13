package dev.anabranch.gateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;

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

  /** Says that nothing more will be sent, once all that was sent is; the other side may go on. */
  public static void finish(Channel channel) {
    channel
        .writeAndFlush(channel.alloc().buffer(0))
        .addListener(sent -> {
          if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
          }
        });
  }

  public static void close(Channel channel) {
    channel.close();
  }
}
