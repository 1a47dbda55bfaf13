package dev.anabranch.branch;

import com.zaxxer.hikari.HikariDataSource;
import dev.anabranch.base.BranchName;
import dev.anabranch.branch.golden.BranchPoint;
import dev.anabranch.branch.golden.GoldenImages;
import dev.anabranch.branch.golden.GoldenSurvey;
import dev.anabranch.branch.golden.Scratch;
import dev.anabranch.branch.history.History;
import dev.anabranch.branch.history.HistorySettings;
import dev.anabranch.branch.mirror.MainAddress;
import dev.anabranch.branch.mirror.Mirror;
import dev.anabranch.branch.pool.PoolSettings;
import dev.anabranch.branch.pool.WarmBranchListener;
import dev.anabranch.branch.storage.DataLayout;
import dev.anabranch.branch.storage.Storage;
import dev.anabranch.cluster.Installations;
import dev.anabranch.cluster.Network;
import dev.anabranch.cluster.SystemUser;
import dev.anabranch.cluster.Trees;
import dev.anabranch.testkit.ControlDatabase;
import dev.anabranch.testkit.TemporaryPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** Everything of this module wired over one main, in a directory of its own. */
final class Workshop implements AutoCloseable {

  final Path directory;
  final DataLayout home;
  final Storage storage;
  final Installations installations = TemporaryPostgres.installations();
  final MainAddress main;
  final HikariDataSource control;
  Mirror mirror;
  History history;
  GoldenImages images;
  Scratch.Factory scratches;
  Branches branches;

  private final GoldenSurvey survey;
  private PoolSettings pool = PoolSettings.none();
  private HistorySettings past = HistorySettings.off();
  private BranchRules rules = BranchRules.none();
  private Network network = Network.hindrance().isEmpty() ? Network.NONE : Network.HOST;
  private InstantSource clock = InstantSource.system();
  private Duration freshness = Duration.ofMinutes(5);

  Workshop(TemporaryPostgres main, String database) {
    this(
        main.url(database),
        TemporaryPostgres.temporaryDirectory("anabranch-branch-"),
        GoldenSurvey.none());
  }

  Workshop(String mainUrl, Path directory, GoldenSurvey survey) {
    this.directory = directory;
    this.survey = survey;
    this.home = DataLayout.of(directory);
    this.storage = new Storage(home, SystemUser.choose(Optional.empty()));
    this.main = MainAddress.parse(mainUrl);
    this.control = ControlDatabase.fresh(TemporaryPostgres.shared());
    wire();
  }

  /** What a new process would do: nothing of the old one's memory is used. */
  void wire() {
    mirror =
        new Mirror(
            main,
            installations,
            storage.user(),
            home,
            storage,
            "t" + Integer.toHexString(directory.hashCode()));
    history = new History(mirror, home, storage, control, past, clock);
    images =
        new GoldenImages(
            mirror, home, storage, survey, history, control, network, freshness, clock);
    scratches = new Scratch.Factory(images, installations, home, storage);
    branches = new Branches(images, home, storage, installations, control, pool, rules, clock);
  }

  Workshop start() {
    mirror.start();
    history.recover();
    images.recover();
    scratches.recover();
    branches.recover();
    branches.fillPools(WarmBranchListener.UNANNOUNCED);
    return this;
  }

  /** From the next {@link #wire} on. */
  Workshop withPool(PoolSettings settings) {
    pool = settings;
    return this;
  }

  /** From the next {@link #wire} on. */
  Workshop withHistory(HistorySettings settings) {
    past = settings;
    return this;
  }

  /** From the next {@link #wire} on. */
  Workshop withRules(BranchRules these) {
    rules = these;
    return this;
  }

  /** From the next {@link #wire} on. */
  Workshop withNetwork(Network reach) {
    network = reach;
    return this;
  }

  /** From the next {@link #wire} on. */
  Workshop withClock(InstantSource source) {
    clock = source;
    return this;
  }

  /** From the next {@link #wire} on. */
  Workshop withFreshness(Duration age) {
    freshness = age;
    return this;
  }

  Branch create(String name) {
    return branches.create(request(name));
  }

  static BranchRequest request(String name) {
    return new BranchRequest(
        new BranchName(name),
        new Lifetime.NoExpiry(),
        new BranchPoint.Now(),
        Optional.empty(),
        Optional.empty(),
        false);
  }

  Connection connectAsOwner(String name) {
    return branches.connectAsOwner(branches.get(new BranchName(name)));
  }

  /** As the client, through the endpoint that a gateway would use. */
  Connection client(String name) throws SQLException {
    return client(branches.open(new BranchName(name)));
  }

  static Connection client(Endpoint endpoint) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", endpoint.role());
    properties.setProperty("sslmode", "disable");
    properties.setProperty("socketFactory", "org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg");
    properties.setProperty("socketFactoryArg", endpoint.socket().toString());
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost/" + endpoint.database(), properties);
  }

  /** The first column of each row, as the client. */
  List<String> ask(String name, String sql) throws SQLException {
    try (Connection connection = client(name)) {
      return ask(connection, sql);
    }
  }

  static List<String> ask(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      List<String> values = new ArrayList<>();
      if (statement.execute(sql)) {
        try (ResultSet rows = statement.getResultSet()) {
          while (rows.next()) {
            values.add(rows.getString(1));
          }
        }
      }
      return values;
    }
  }

  @Override
  public void close() {
    branches.stopAll();
    mirror.tearDown();
    control.close();
    try {
      Trees.delete(directory);
      Trees.delete(home.sockets());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
