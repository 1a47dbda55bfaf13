package dev.anabranch.gateway.session;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.ResourceLeakDetector;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import jdk.net.ExtendedSocketOptions;

/** Event loops and sockets: native epoll where there is one, the JDK's own elsewhere. */
public enum Sockets {
  EPOLL {
    @Override
    public EventLoopGroup loops(int threads) {
      return new MultiThreadIoEventLoopGroup(threads, EpollIoHandler.newFactory());
    }

    @Override
    public Class<? extends ServerChannel> server() {
      return EpollServerSocketChannel.class;
    }

    @Override
    public void noticeSilence(ServerBootstrap bootstrap) {
      bootstrap
          .childOption(EpollChannelOption.TCP_KEEPIDLE, SILENCE_SECONDS)
          .childOption(EpollChannelOption.TCP_KEEPINTVL, PROBE_SECONDS)
          .childOption(EpollChannelOption.TCP_KEEPCNT, PROBES);
    }

    @Override
    public Class<? extends Channel> unixClient() {
      return EpollDomainSocketChannel.class;
    }

    @Override
    public SocketAddress unixAddress(Path socket) {
      return new DomainSocketAddress(socket.toString());
    }
  },
  JDK {
    @Override
    public EventLoopGroup loops(int threads) {
      return new MultiThreadIoEventLoopGroup(threads, NioIoHandler.newFactory());
    }

    @Override
    public Class<? extends ServerChannel> server() {
      return NioServerSocketChannel.class;
    }

    @Override
    public void noticeSilence(ServerBootstrap bootstrap) {
      bootstrap
          .childOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), SILENCE_SECONDS)
          .childOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), PROBE_SECONDS)
          .childOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), PROBES);
    }

    @Override
    public Class<? extends Channel> unixClient() {
      return NioDomainSocketChannel.class;
    }

    @Override
    public SocketAddress unixAddress(Path socket) {
      return UnixDomainSocketAddress.of(socket);
    }
  };

  /** After so much silence the system asks a client's whether it is still there. */
  private static final int SILENCE_SECONDS = 60;

  private static final int PROBE_SECONDS = 10;
  private static final int PROBES = 6;

  private static final int LEAST_READ = 1 << 10;
  private static final int USUALLY_READ = 2 << 10;
  private static final int MOST_READ = 64 << 10;

  /** Netty's own, and for tests that look for buffers which nobody released. */
  private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

  /**
   * How much is read at a time. Never so little that a usual message comes in two pieces: each
   * would be sent on by itself, and a cut one makes the branch be asked where it stands to no
   * purpose.
   */
  public static RecvByteBufAllocator reading() {
    return new AdaptiveRecvByteBufAllocator(LEAST_READ, USUALLY_READ, MOST_READ);
  }

  /** The best this machine has. */
  public static Sockets best() {
    if (System.getProperty(LEAK_DETECTION) == null) {
      // A stack trace for every 128th buffer: more than all the rest that is done with it.
      ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }
    return Epoll.isAvailable() ? EPOLL : JDK;
  }

  public abstract EventLoopGroup loops(int threads);

  public abstract Class<? extends ServerChannel> server();

  /** Clients whose machine is gone without a word are noticed within two minutes. */
  public abstract void noticeSilence(ServerBootstrap bootstrap);

  public abstract Class<? extends Channel> unixClient();

  public abstract SocketAddress unixAddress(Path socket);
}
