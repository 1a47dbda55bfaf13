package dev.anabranch.gateway.session;

import dev.anabranch.gateway.relay.Relay;
import dev.anabranch.gateway.wire.Outbound;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The relay's end of a branch's connection. */
final class BranchSide extends ChannelInboundHandlerAdapter {

  private static final Logger log = LoggerFactory.getLogger(BranchSide.class);

  private final Relay relay;

  BranchSide(Relay relay) {
    this.relay = relay;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object bytes) {
    relay.branchSent((ByteBuf) bytes);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    relay.regulate();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    relay.lost();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException) {
      // It takes no more, but what it said last may still be unread; its end is told after that.
      log.debug("A branch's connection failed", cause);
      return;
    }
    log.error("A branch's connection is closed because of a defect", cause);
    Outbound.close(context.channel());
  }
}
