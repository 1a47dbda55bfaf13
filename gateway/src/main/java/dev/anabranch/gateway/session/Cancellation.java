package dev.anabranch.gateway.session;

import dev.anabranch.gateway.route.Destination;
import dev.anabranch.gateway.wire.BackendMessage;
import dev.anabranch.gateway.wire.Outbound;
import dev.anabranch.gateway.wire.ToBranch;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;

/**
 * Asks a branch's Postgres to stop what a session's statement is doing, on a connection of its own.
 *
 * @param sockets how branches are connected to
 * @param destination the branch
 * @param key the session's own in that Postgres
 */
record Cancellation(Sockets sockets, Destination destination, BackendMessage.BackendKey key) {

  void send(EventLoop loop) {
    new Bootstrap()
        .group(loop)
        .channel(sockets.unixClient())
        .handler(new ChannelInboundHandlerAdapter())
        .connect(sockets.unixAddress(destination.socket()))
        .addListener(
            (ChannelFutureListener)
                connected -> {
                  if (connected.isSuccess()) {
                    Channel channel = connected.channel();
                    Outbound.sendAndClose(
                        channel,
                        ToBranch.cancelRequest(channel.alloc(), key.processId(), key.secret()));
                  }
                });
  }
}
