package dev.anabranch.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Traps;
import dev.anabranch.branch.Branches;
import dev.anabranch.branch.golden.GoldenImages;
import dev.anabranch.branch.golden.Scratch;
import dev.anabranch.branch.history.History;
import dev.anabranch.branch.mirror.MainAddress;
import dev.anabranch.branch.mirror.Mirror;
import dev.anabranch.branch.mirror.Preflight;
import dev.anabranch.branch.storage.DataLayout;
import dev.anabranch.branch.storage.PasswordCipher;
import dev.anabranch.branch.storage.Storage;
import dev.anabranch.check.CheckContext;
import dev.anabranch.check.Checker;
import dev.anabranch.check.ForkSchemas;
import dev.anabranch.check.LandedUnits;
import dev.anabranch.check.diff.Differ;
import dev.anabranch.check.wal.BranchLog;
import dev.anabranch.cluster.Installations;
import dev.anabranch.cluster.Network;
import dev.anabranch.cluster.SystemUser;
import dev.anabranch.gateway.Gateway;
import dev.anabranch.gateway.settings.GatewaySettings;
import dev.anabranch.ledger.LedgerQueue;
import dev.anabranch.ledger.LedgerStore;
import dev.anabranch.mainfeed.slot.FeedSettings;
import dev.anabranch.mainfeed.slot.FeedSupervisor;
import dev.anabranch.mainfeed.store.FeedStore;
import dev.anabranch.promote.BranchComparison;
import dev.anabranch.promote.BranchInspector;
import dev.anabranch.promote.Inspection;
import dev.anabranch.promote.Inspector;
import dev.anabranch.promote.MergeRules;
import dev.anabranch.promote.OwnChecks;
import dev.anabranch.promote.Promoter;
import dev.anabranch.promote.Promotions;
import dev.anabranch.promote.sync.Sync;
import dev.anabranch.server.access.Access;
import dev.anabranch.server.access.ControlTokens;
import dev.anabranch.server.access.LocalToken;
import dev.anabranch.server.access.Tokens;
import dev.anabranch.server.health.ServerHealth;
import dev.anabranch.server.home.ControlPostgres;
import dev.anabranch.server.home.EmbeddedClusters;
import dev.anabranch.server.home.EmbeddedMain;
import dev.anabranch.server.home.HomeLock;
import dev.anabranch.server.home.Identity;
import dev.anabranch.server.home.PrivateHome;
import dev.anabranch.server.http.HttpServer;
import dev.anabranch.server.http.Operations;
import dev.anabranch.server.http.OwnHosts;
import dev.anabranch.server.settings.Settings;
import dev.anabranch.server.watch.Watches;
import dev.anabranch.server.webhook.ControlWebhooks;
import dev.anabranch.server.webhook.WebhookStore;
import dev.anabranch.server.webhook.WebhookTeller;
import dev.anabranch.server.webhook.Webhooks;
import dev.anabranch.web.Pages;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * The whole product, wired: each part is started in the order in which the next one needs it, and
 * stopped in reverse. A server killed at any point is found again by the next one on the same
 * directory.
 */
public final class Anabranch implements AutoCloseable {

  private static final Duration SWEEP_PERIOD = Duration.ofSeconds(5);
  private static final Duration KEEPER_PERIOD = Duration.ofSeconds(1);
  private static final Duration WEBHOOK_PERIOD = Duration.ofSeconds(1);
  private static final int MAIN_CONNECTIONS = 8;
  private static final Duration FEED_PATIENCE = Duration.ofSeconds(60);

  private final Settings settings;
  private final Consumer<String> progress;
  private final Supplier<Traps> traps;
  private final Clock clock = Clock.systemUTC();
  private final Closers closers = new Closers();
  private final Metrics metrics = new Metrics();
  private final CountDownLatch ended = new CountDownLatch(1);

  /**
   * @param progress told, in a sentence, what slow step is under way
   */
  public Anabranch(Settings settings, Consumer<String> progress) {
    this(settings, progress, () -> Traps.NONE);
  }

  /**
   * For tests of the tests.
   *
   * @param traps rules of soundness that are switched off, asked at each statement, check and
   *     promotion
   */
  public Anabranch(Settings settings, Consumer<String> progress, Supplier<Traps> traps) {
    this.settings = settings;
    this.progress = progress;
    this.traps = traps;
  }

  /** Returns when everything answers; a failure stops what had been started. */
  public Running start() {
    try {
      return startParts();
    } catch (RuntimeException e) {
      closers.close();
      throw e;
    }
  }

  /**
   * A server that answers.
   *
   * @param operations what can be asked of it in this process
   * @param httpPort where HTTP answers
   * @param gatewayPort where branches answer
   * @param main how main is reached
   * @param entrance who HTTP lets in
   */
  public record Running(
      Operations operations, int httpPort, int gatewayPort, MainAddress main, Entrance entrance) {}

  /** What every part stands on. */
  private record Ground(
      DataLayout home,
      Installations installations,
      SystemUser user,
      Storage storage,
      boolean shared,
      Network network,
      DataSource control) {}

  private Running startParts() {
    DataLayout home = DataLayout.of(settings.data());
    closers.start("the data directory", () -> HomeLock.take(home));
    SystemUser user = SystemUser.choose(settings.postgresUser());
    PrivateHome.mend(home, user);
    Installations installations = new Installations(settings.postgresBin(), home.postgres());
    EmbeddedClusters clusters = new EmbeddedClusters(home, installations, user);
    progress.accept("starting the control database …");
    ControlPostgres control = closers.start("the control database", () -> control(clusters));
    Storage storage = new Storage(home, user, settings.storage());
    Storage.Sharing sharing = storage.probe();
    Network network = branchNetwork();
    Ground ground =
        new Ground(
            home, installations, user, storage, sharing.shared(), network, control.dataSource());
    Optional<EmbeddedMain> embedded = embeddedMain(clusters, ground);
    closers.start(
        "the keeper",
        () ->
            new Sweeper(
                "keeper",
                KEEPER_PERIOD,
                () -> {
                  control.startIfDead();
                  embedded.ifPresent(EmbeddedMain::startIfDead);
                }));
    MainAddress main =
        embedded
            .map(EmbeddedMain::main)
            .orElseGet(() -> MainAddress.parse(settings.main().orElseThrow()));
    inspect(main, sharing);
    Mirror mirror = mirror(ground, main);
    return serve(ground, mirror, embedded.map(EmbeddedMain::url), main);
  }

  /**
   * @throws AnabranchException when branches must be shut off and can't be
   */
  private Network branchNetwork() {
    Network wanted = settings.branchNetwork().orElse(Network.NONE);
    Optional<String> hindrance =
        wanted == Network.NONE ? Network.hindrance() : Optional.<String>empty();
    if (hindrance.isEmpty()) {
      return wanted;
    }
    if (settings.branchNetwork().isPresent()) {
      throw new AnabranchException(ErrorCode.NETWORK_NOT_SHUT_OFF, hindrance.get());
    }
    progress.accept(
        "branches can reach the network (no namespace can be had: " + hindrance.get() + ")");
    return Network.HOST;
  }

  private ControlPostgres control(EmbeddedClusters clusters) {
    return settings
        .controlUrl()
        .map(url -> ControlPostgres.elsewhere(MainAddress.parse(url)))
        .orElseGet(() -> ControlPostgres.embedded(clusters));
  }

  private Optional<EmbeddedMain> embeddedMain(EmbeddedClusters clusters, Ground ground) {
    if (settings.main().isPresent()) {
      return Optional.empty();
    }
    progress.accept("starting main …");
    return Optional.of(
        closers.start(
            "main",
            () ->
                EmbeddedMain.start(
                    clusters,
                    ground.control(),
                    PasswordCipher.in(ground.home()),
                    settings.mainPort())));
  }

  /**
   * Refuses a main that is not ready, and says what a person should know before the first branch.
   */
  private void inspect(MainAddress main, Storage.Sharing sharing) {
    Preflight preflight = Preflight.of(main);
    preflight.require();
    if (!preflight.withoutIdentity().isEmpty()) {
      progress.accept(
          "no key, so answers about them are asked again: "
              + String.join(", ", preflight.withoutIdentity()));
    }
    progress.accept(sharing.sentence());
  }

  private Mirror mirror(Ground ground, MainAddress main) {
    progress.accept("starting the mirror of main …");
    Mirror mirror =
        new Mirror(
            main,
            ground.installations(),
            ground.user(),
            ground.home(),
            ground.storage(),
            Identity.of(ground.control()));
    closers.start("the mirror", mirror::start, mirror::stop);
    return mirror;
  }

  private Running serve(
      Ground ground, Mirror mirror, Optional<String> embeddedUrl, MainAddress main) {
    ServerComponents parts = parts(ground, mirror, main);
    MainUse use = new MainUse();
    Watches watches = new Watches(new WatchedParts(parts, metrics, use), clock);
    WebhookStore kept = new ControlWebhooks(ground.control(), PasswordCipher.in(ground.home()));
    Webhooks webhooks = new Webhooks(kept, clock);
    ServerHealth health =
        closers.start(
            "the look at the parts",
            () ->
                new ServerHealth(
                    main,
                    Identity.of(ground.control()),
                    mirror,
                    parts.feedConnection(),
                    ground.control(),
                    ground.home().directory(),
                    clock));
    health.start();
    new Measurements(parts, health).addTo(metrics);
    LastHour lastHour = closers.start("the last hour", () -> new LastHour(metrics::now, clock));
    Operations operations =
        new ServerOperations(
            parts,
            metrics,
            embeddedUrl,
            new ServerOperations.GatewayAddress(settings.gatewayHost(), parts.gateway().port()),
            use,
            watches,
            webhooks,
            health,
            lastHour,
            ended::countDown);
    metrics.gauge(
        "anabranch.watch.listeners", "Streams of verdicts that are open", watches::listeners);
    metrics.gauge(
        "anabranch.watch.branches", "Branches whose verdicts somebody follows", watches::branches);
    parts.branches().fillPools(new FirstLogins(parts.gateway()));
    closers.start(
        "the sweeper",
        () -> new Sweeper("sweeper", SWEEP_PERIOD, () -> parts.sweep(clock.instant())));
    closers.start("the history", () -> new Sweeper("history", SWEEP_PERIOD, parts.history()::tend));
    closers.start(
        "the preparation of checks",
        () -> new Preparations(parts.branches(), parts.checker(), use, metrics.preparations()));
    closers.start(
        "the measuring of branches",
        () -> new BranchSizes(parts.branches(), parts.glances(), clock));
    tell(webhooks, kept, watches, parts);
    Entrance entrance = closers.start("the entrance", () -> entrance(ground));
    HttpServer http =
        new HttpServer(
            operations,
            entrance.access(),
            entrance.hosts(),
            clock,
            new Pages(entrance::address, clock)::addTo);
    if (settings.httpPort() != 0) {
      // Whoever is answered by this server finds its token, and not that of the one before.
      leaveToken(ground, entrance, settings.httpPort());
    }
    closers.start("HTTP", () -> http.start(settings.httpHost(), settings.httpPort()), http);
    leaveToken(ground, entrance, http.port());
    entrance.tell(progress);
    // Stopped before HTTP is, which waits for its requests.
    closers.start("the checks", () -> {}, parts.checker());
    closers.start("the streams", () -> {}, watches);
    return new Running(operations, http.port(), parts.gateway().port(), main, entrance);
  }

  private void tell(Webhooks webhooks, WebhookStore kept, Watches watches, ServerComponents parts) {
    WebhookTeller teller =
        closers.start(
            "who calls webhooks",
            () ->
                new WebhookTeller(
                    webhooks,
                    kept,
                    watches,
                    () -> parts.branches().list().stream().filter(WatchedParts::lives).toList(),
                    clock,
                    metrics::told));
    closers.start("the webhooks", () -> new Sweeper("webhooks", WEBHOOK_PERIOD, teller::turn));
  }

  private void leaveToken(Ground ground, Entrance entrance, int port) {
    entrance.leaveToken(ground.home().directory(), settings.httpHost(), port);
  }

  private Entrance entrance(Ground ground) {
    return new Entrance(
        new Access(
            new Tokens(new ControlTokens(ground.control()), clock),
            new LocalToken(),
            settings.access().token(),
            settings.access().open()),
        OwnHosts.of(settings.httpHost(), settings.access().names()));
  }

  private ServerComponents parts(Ground ground, Mirror mirror, MainAddress main) {
    FeedStore feed = new FeedStore(ground.control());
    FeedSupervisor connection = follow(ground, main, feed);
    ForkSchemas schemas = new ForkSchemas(ground.control());
    History history =
        new History(
            mirror,
            ground.home(),
            ground.storage(),
            ground.control(),
            settings.history().on(ground.shared()),
            clock);
    GoldenImages images =
        new GoldenImages(
            mirror,
            ground.home(),
            ground.storage(),
            schemas,
            history,
            ground.control(),
            ground.network(),
            settings.pool().freshness(),
            clock);
    Scratch.Factory scratches =
        new Scratch.Factory(images, ground.installations(), ground.home(), ground.storage());
    Branches branches =
        new Branches(
            images,
            ground.home(),
            ground.storage(),
            ground.installations(),
            ground.control(),
            settings.pool().on(ground.shared()),
            settings.rules(),
            clock);
    closers.start(
        "the branches", () -> recover(history, images, scratches, branches), branches::stopAll);
    LedgerStore ledger = new LedgerStore(ground.control());
    LedgerQueue queue =
        closers.start("the ledger's queue", () -> new LedgerQueue(ledger, ground.home().journal()));
    Gateway gateway = closers.start("the gateway", () -> gateway(branches, ledger, queue));
    Promotions promotions = new Promotions(ground.control(), settings.promotions().undoKeep());
    CheckContext context =
        new CheckContext(scratches, mirror, feed, schemas, promotions.rules()::combining);
    BranchLog log = new BranchLog(branches::connectAsOwner, ledger);
    // A promotion checks, and a check asks what promotions have brought to main.
    AtomicReference<LandedUnits> landed = new AtomicReference<>(branch -> Optional.empty());
    Checker checker =
        new Checker(
            branches,
            ledger,
            branch -> ServerComponents.flush(gateway, branch),
            log,
            context,
            branch -> Objects.requireNonNull(landed.get()).of(branch),
            traps);
    HikariDataSource mainPool = mainPool(main);
    OwnChecks ownChecks =
        new OwnChecks(
            mainPool, promotions, settings.promotions().checks(), new MainCopies(scratches), clock);
    Glances glances = new Glances(clock);
    BranchInspector inspector =
        new BranchInspector(checker, feed, settings.rules().taskGap(), traps);
    Promoter promoter = promoter(mainPool, inspector, feed, promotions, ownChecks, glances);
    landed.set(promoter::landed);
    return new ServerComponents(
        mirror,
        feed,
        connection,
        history,
        images,
        branches,
        gateway,
        ledger,
        queue,
        log,
        checker,
        new Differ(branches, ledger, log, context, promoter::landed, ground.home().scratch()),
        promoter,
        promotions,
        ownChecks,
        new MergeRules(mainPool, promotions, clock),
        new BranchComparison(promoter, ownChecks),
        new Sync.Parts(
            promoter,
            branches,
            ledger,
            log,
            context.schemas(),
            inspector,
            branch -> ServerComponents.flush(gateway, branch),
            gateway::forget,
            settings.rules().taskGap()),
        glances);
  }

  private HikariDataSource mainPool(MainAddress main) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("main");
    config.setDataSource(new MainDataSource(main));
    config.setMaximumPoolSize(MAIN_CONNECTIONS);
    config.setMinimumIdle(0);
    config.setInitializationFailTimeout(-1); // an unreachable main is told when it is asked for
    return closers.start("the connections to main", () -> new HikariDataSource(config));
  }

  private Promoter promoter(
      HikariDataSource mainPool,
      BranchInspector inspector,
      FeedStore feed,
      Promotions promotions,
      OwnChecks ownChecks,
      Glances glances) {
    Inspector seen =
        name -> {
          Inspection inspection = inspector.inspect(name);
          glances.checked(inspection.branch().id(), inspection.report());
          return inspection;
        };
    Promoter promoter =
        new Promoter(seen, mainPool, promotions, inspector, feed::marker, clock, traps, ownChecks);
    promoter.recover();
    return promoter;
  }

  private FeedSupervisor follow(Ground ground, MainAddress main, FeedStore store) {
    progress.accept("following main's WAL …");
    FeedSupervisor connection =
        new FeedSupervisor(
            FeedSettings.of(main.jdbcUrl(), main.properties(), Identity.of(ground.control())),
            store);
    closers.start("the feed", connection::start, connection);
    connection.awaitStreaming(FEED_PATIENCE);
    return connection;
  }

  private Gateway gateway(Branches branches, LedgerStore ledger, LedgerQueue queue) {
    InetSocketAddress address =
        new InetSocketAddress(settings.gatewayHost(), settings.gatewayPort());
    GatewaySettings chosen =
        GatewaySettings.on(address)
            .within(usual -> settings.limits())
            .withTraps(traps)
            .withEncryption(
                ClientEncryption.of(settings.tls(), address, settings.data(), clock.instant()));
    return Gateway.start(chosen, new BranchRoutes(branches), ledger, queue, clock);
  }

  private static void recover(
      History history, GoldenImages images, Scratch.Factory scratches, Branches branches) {
    history.recover();
    scratches.recover();
    images.recover();
    branches.recover();
  }

  /** Returns when a release of main has left this server nothing to do. */
  void awaitEnd() throws InterruptedException {
    ended.await();
  }

  /** What is being closed, or was last. */
  String closing() {
    return closers.closing();
  }

  @Override
  public void close() {
    closers.close();
  }
}
