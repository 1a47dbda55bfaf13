package dev.anabranch.gateway;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.gateway.auth.ScramVerifier;
import dev.anabranch.gateway.relay.BranchClock;
import dev.anabranch.gateway.route.Route;
import dev.anabranch.gateway.route.Routes;
import dev.anabranch.gateway.session.BranchTraffic;
import dev.anabranch.gateway.session.CancelKeys;
import dev.anabranch.gateway.session.ClientSession;
import dev.anabranch.gateway.session.ConnectThrottle;
import dev.anabranch.gateway.session.Host;
import dev.anabranch.gateway.session.LoginFailures;
import dev.anabranch.gateway.session.Sockets;
import dev.anabranch.gateway.settings.GatewaySettings;
import dev.anabranch.ledger.Ledger;
import dev.anabranch.ledger.LedgerQueue;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.internal.PlatformDependent;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Postgres wire between clients and branches: who logs in to a branch through it works on that
 * branch, and what the branch answers is in the ledger.
 *
 * <p>An event loop per core carries the bytes; looking up who logs in, waking a branch and the
 * ledger have threads of their own.
 */
public final class Gateway implements AutoCloseable {

  /** How long {@link #flush} waits for sessions, and {@link #close} for loops. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** How far a branch may run ahead of its client, in bytes. */
  private static final int MOST_BUFFERED = 256 << 10;

  /** Where many connections share little memory. */
  private static final int LEAST_BUFFERED = 32 << 10;

  /** The part of the memory outside the heap that clients who read nothing may keep. */
  private static final int BUFFERS_SHARE = 4;

  /** For each processor: one starts while another waits for its Postgres's files. */
  private static final int BEGINNING_AT_ONCE = 2 * Runtime.getRuntime().availableProcessors();

  private static final String STOPPING = "the gateway is stopping";

  private static final Logger log = LoggerFactory.getLogger(Gateway.class);

  private final GatewaySettings settings;
  private final Routes routes;
  private final Ledger ledger;
  private final LedgerQueue queue;
  private final InstantSource time;
  private final Sockets sockets = Sockets.best();
  private final SecureRandom random = new SecureRandom();
  private final CancelKeys cancelKeys = new CancelKeys(random);
  private final LoginFailures loginFailures = new LoginFailures();
  private final ConnectThrottle throttle = new ConnectThrottle(BEGINNING_AT_ONCE);
  private final Map<BranchId, BranchTraffic> traffic = new ConcurrentHashMap<>();
  private volatile boolean stopping;
  private final Map<BranchId, KnownVerifier> verifiers = new ConcurrentHashMap<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final ExecutorService offLoop =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("gateway-login-", 0).factory());
  private final EventLoopGroup loops;
  private final Channel listener;

  private record KnownVerifier(String password, ScramVerifier verifier) {
    @Override
    public String toString() {
      return "a verifier";
    }
  }

  /**
   * Starts to listen.
   *
   * @param ledger where the last tick of a branch is read
   * @param queue where entries go
   * @throws AnabranchException PORT_TAKEN, or INTERNAL when the address can't be listened on
   */
  public static Gateway start(
      GatewaySettings settings,
      Routes routes,
      Ledger ledger,
      LedgerQueue queue,
      InstantSource time) {
    return new Gateway(settings, routes, ledger, queue, time);
  }

  private Gateway(
      GatewaySettings settings,
      Routes routes,
      Ledger ledger,
      LedgerQueue queue,
      InstantSource time) {
    this.settings = settings;
    this.routes = routes;
    this.ledger = ledger;
    this.queue = queue;
    this.time = time;
    this.loops = sockets.loops(Runtime.getRuntime().availableProcessors());
    this.listener = listen();
  }

  private Channel listen() {
    Host host = new SharedHost();
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(sockets.server())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, Sockets.reading())
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, buffered())
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel client) {
                    client.pipeline().addLast(new ClientSession(host, client));
                  }
                });
    sockets.noticeSilence(bootstrap);
    var bound = bootstrap.bind(settings.listen()).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      loops
          .shutdownGracefully(0, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
          .awaitUninterruptibly();
      offLoop.close();
      throw refused(bound.cause());
    }
    return bound.channel();
  }

  private WriteBufferWaterMark buffered() {
    long share =
        PlatformDependent.maxDirectMemory() / BUFFERS_SHARE / settings.limits().connections();
    int most = Math.clamp(share, LEAST_BUFFERED, MOST_BUFFERED);
    return new WriteBufferWaterMark(most / 4, most);
  }

  private AnabranchException refused(Throwable cause) {
    return String.valueOf(cause.getMessage()).contains("Address already in use")
        ? new AnabranchException(
            ErrorCode.PORT_TAKEN, cause, settings.listen().getPort(), "--gateway-port")
        : new AnabranchException(
            ErrorCode.INTERNAL,
            cause,
            "the gateway can't listen on " + settings.listen() + ": " + cause.getMessage());
  }

  /** Where it listens. */
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /** Sessions logged in to a branch now. */
  public int sessions(BranchId branch) {
    BranchTraffic known = traffic.get(branch);
    return known == null ? 0 : known.sessions().size();
  }

  /** Sessions and logins, of all branches. */
  public int connections() {
    return connections.get();
  }

  /**
   * Returns when every answer that a client of this branch has got so far is durable in the ledger.
   *
   * @throws AnabranchException LEDGER_UNAVAILABLE when that can't be had
   */
  public void flush(BranchId branch) throws InterruptedException {
    BranchTraffic known = traffic.get(branch);
    if (known != null) {
      List<CompletableFuture<Void>> settled = new ArrayList<>();
      for (ClientSession session : known.sessions()) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        session.whenSettled(() -> done.complete(null));
        settled.add(done);
      }
      awaitAll(settled);
    }
    queue.flush();
  }

  private static void awaitAll(List<CompletableFuture<Void>> settled) throws InterruptedException {
    try {
      allOf(settled).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new AnabranchException(
          ErrorCode.LEDGER_UNAVAILABLE, e, "a session's branch does not reply");
    }
  }

  /**
   * Makes ready for the first login of a branch that nobody has logged in to yet: what a server
   * keeps of its password takes milliseconds to compute, and there is nothing in the ledger to look
   * for.
   */
  public void expect(BranchId branch, String password) {
    verifiers.computeIfAbsent(
        branch, _ -> new KnownVerifier(password, ScramVerifier.of(password, random)));
    traffic.computeIfAbsent(branch, _ -> BranchTraffic.from(new BranchClock(0, time)));
  }

  /** Keeps nothing of a branch that nobody will log in to: it was removed, or never given out. */
  public void forget(BranchId branch) {
    verifiers.remove(branch);
    traffic.remove(branch);
  }

  /**
   * Ends every session of a branch; each client is told why.
   *
   * @param reason as in "the branch was deleted"
   */
  public void disconnect(BranchId branch, String reason) {
    var _ = ended(branch, reason);
  }

  private CompletableFuture<Void> ended(BranchId branch, String reason) {
    BranchTraffic known = traffic.get(branch);
    return known == null
        ? CompletableFuture.completedFuture(null)
        : allOf(
            known.sessions().stream()
                .map(
                    session -> session.end(new AnabranchException(ErrorCode.SESSION_ENDED, reason)))
                .toList());
  }

  private static CompletableFuture<Void> allOf(List<CompletableFuture<Void>> all) {
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
  }

  /**
   * Lets nobody in any more and ends every session: those that have a transaction under way when it
   * has ended, or when the time for that is over. The ledger's queue stays open: what sessions had
   * to say is in it.
   */
  @Override
  public void close() {
    stopping = true;
    drain();
    listener.close().awaitUninterruptibly();
    await(
        allOf(traffic.keySet().stream().map(branch -> ended(branch, STOPPING)).toList()), PATIENCE);
    loops
        .shutdownGracefully(100, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly();
    offLoop.shutdownNow();
    offLoop.close();
  }

  private void drain() {
    List<CompletableFuture<Void>> ended = new ArrayList<>();
    for (BranchTraffic known : traffic.values()) {
      for (ClientSession session : known.sessions()) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        session.drain(
            new AnabranchException(ErrorCode.SESSION_ENDED, STOPPING), () -> done.complete(null));
        ended.add(done);
      }
    }
    if (!await(allOf(ended), settings.limits().drain())) {
      long open = ended.stream().filter(done -> !done.isDone()).count();
      log.info("{} sessions are ended amid their transactions", open);
    }
  }

  /** False when it took too long. */
  private static boolean await(CompletableFuture<Void> done, Duration limit) {
    try {
      done.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private final class SharedHost implements Host {

    @Override
    public boolean isStopping() {
      return stopping;
    }

    @Override
    public GatewaySettings settings() {
      return settings;
    }

    @Override
    public Sockets sockets() {
      return sockets;
    }

    @Override
    public Routes routes() {
      return routes;
    }

    @Override
    public LedgerQueue ledger() {
      return queue;
    }

    @Override
    public CancelKeys cancelKeys() {
      return cancelKeys;
    }

    @Override
    public LoginFailures loginFailures() {
      return loginFailures;
    }

    @Override
    public ConnectThrottle throttle() {
      return throttle;
    }

    @Override
    public SecureRandom random() {
      return random;
    }

    @Override
    public Executor offLoop() {
      return offLoop;
    }

    @Override
    public ScramVerifier verifier(Route route) {
      KnownVerifier known = verifiers.get(route.branch());
      if (known == null || !known.password().equals(route.password())) {
        known = new KnownVerifier(route.password(), ScramVerifier.of(route.password(), random));
        verifiers.put(route.branch(), known);
      }
      return known.verifier();
    }

    @Override
    public BranchTraffic traffic(BranchId branch) {
      return traffic.computeIfAbsent(
          branch, id -> BranchTraffic.from(new BranchClock(ledger.lastTick(id), time)));
    }

    @Override
    public boolean admit() {
      if (connections.incrementAndGet() > settings.limits().connections()) {
        connections.decrementAndGet();
        return false;
      }
      return true;
    }

    @Override
    public void dismissed() {
      connections.decrementAndGet();
    }
  }
}
