package dev.anabranch.gateway;

import com.zaxxer.hikari.HikariDataSource;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.cluster.Trees;
import dev.anabranch.gateway.route.Destination;
import dev.anabranch.gateway.route.Route;
import dev.anabranch.gateway.route.Routes;
import dev.anabranch.gateway.settings.GatewaySettings;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.LedgerQueue;
import dev.anabranch.ledger.LedgerStore;
import dev.anabranch.ledger.Told;
import dev.anabranch.testkit.ControlDatabase;
import dev.anabranch.testkit.TemporaryPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.UnaryOperator;

/** A gateway to one branch, which is a database of the shared temporary Postgres. */
final class GatewayUnderTest implements AutoCloseable {

  static final BranchId BRANCH = new BranchId(7);
  static final String NAME = "alice";
  static final String PASSWORD = "tr0ub4dor&3";

  private final TemporaryPostgres postgres = TemporaryPostgres.shared();
  private final String database = postgres.freshDatabase();
  private final HikariDataSource control = ControlDatabase.fresh(postgres);
  private final LedgerStore store = new LedgerStore(control);
  private final Path journal = TemporaryPostgres.temporaryDirectory("anabranch-journal-");
  private final LedgerQueue queue = new LedgerQueue(store, journal);
  private final Gateway gateway;
  private volatile Path branchSocket =
      postgres.cluster().spec().sockets().resolve(".s.PGSQL." + postgres.port());

  GatewayUnderTest(String... statements) {
    this(UnaryOperator.identity(), statements);
  }

  /**
   * @param chosen what is to be different from the default settings
   */
  GatewayUnderTest(UnaryOperator<GatewaySettings> chosen, String... statements) {
    postgres.executeIn(database, statements);
    Routes routes =
        new Routes() {
          @Override
          public Optional<Route> find(String branchName) {
            return branchName.equals(NAME)
                ? Optional.of(
                    new Route(
                        BRANCH, new BranchName(NAME), PASSWORD, Optional.empty(), Optional.empty()))
                : Optional.empty();
          }

          @Override
          public Destination open(Route route) {
            return new Destination(BRANCH, branchSocket, "postgres", database, true);
          }
        };
    gateway =
        Gateway.start(
            chosen.apply(
                GatewaySettings.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))),
            routes,
            store,
            queue,
            InstantSource.system());
  }

  Gateway gateway() {
    return gateway;
  }

  LedgerQueue queue() {
    return queue;
  }

  int port() {
    return gateway.port();
  }

  String url() {
    return "postgresql://"
        + NAME
        + ":"
        + PASSWORD.replace("&", "%26")
        + "@127.0.0.1:"
        + port()
        + "/"
        + NAME;
  }

  Connection connect(String... options) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", NAME);
    properties.setProperty("password", PASSWORD);
    for (int i = 0; i < options.length; i += 2) {
      properties.setProperty(options[i], options[i + 1]);
    }
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port() + "/" + NAME, properties);
  }

  /** Past the gateway, as a superuser. */
  Connection direct() {
    return postgres.connect(database);
  }

  /** Past the gateway. */
  List<String> asSuperuser(String sql) {
    return postgres.query(database, sql);
  }

  Path branchSocket() {
    return branchSocket;
  }

  /** Sessions from now on reach the branch through this one. */
  void branchSocket(Path socket) {
    branchSocket = socket;
  }

  /** A copy of the branch's database in the same Postgres; returns its name. */
  String twin() {
    String twin = database + "_twin";
    postgres.execute("CREATE DATABASE " + twin + " TEMPLATE " + database);
    return twin;
  }

  /** Tables made from now on have at least this OID. */
  long nextOid() {
    return Long.parseLong(
        postgres.query(database, "SELECT max(oid)::bigint + 1 FROM pg_class").getFirst());
  }

  /** Past the gateway, to a database as a superuser. */
  String directUrl(String name) {
    return "postgresql://postgres@127.0.0.1:" + postgres.port() + "/" + name;
  }

  /** Past the gateway, logged in to a database as a superuser. */
  WireClient directWire(String name) throws IOException {
    WireClient client = new WireClient(postgres.port());
    client.startup(WireClient.PROTOCOL_3_0, "user", "postgres", "database", name);
    client.readUntil('Z');
    return client;
  }

  /** Those with rows. */
  List<Answer> answers() throws InterruptedException {
    return told().stream()
        .filter(answer -> answer.told() == Told.ROWS || !answer.result().columns().isEmpty())
        .toList();
  }

  /** All of them: rows, effects and refusals. */
  List<Answer> told() throws InterruptedException {
    gateway.flush(BRANCH);
    return store.answers(BRANCH);
  }

  List<Ending> endings() throws InterruptedException {
    gateway.flush(BRANCH);
    return store.endings(BRANCH);
  }

  @Override
  public void close() {
    gateway.close();
    queue.close();
    control.close();
    try {
      Trees.delete(journal);
    } catch (IOException e) {
      throw new UncheckedIOException("removing the journal", e);
    }
  }
}
