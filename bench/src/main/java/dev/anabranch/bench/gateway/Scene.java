package dev.anabranch.bench.gateway;

import dev.anabranch.bench.measure.BranchPostgres;
import dev.anabranch.bench.measure.Findings;
import dev.anabranch.bench.measure.Ground;
import dev.anabranch.bench.measure.ProcessorTime;
import dev.anabranch.bench.measure.ThinClient;
import dev.anabranch.branch.golden.Roles;
import dev.anabranch.branch.storage.DataLayout;
import dev.anabranch.cluster.Poll;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Product;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * One branch with pgbench's tables, and every way there.
 *
 * @param branch through the gateway
 * @param socket of its Postgres
 * @param twin its copy with a loopback port
 * @param bouncers those that run
 * @param ways direct ones first, the gateway last
 */
record Scene(Address branch, Path socket, Twin twin, List<Bouncer> bouncers, List<Way> ways)
    implements AutoCloseable {

  static final String NAME = "bench-gateway";

  /** Of clients, pools and direct sessions at the same time; a branch alone allows fewer. */
  private static final int CONNECTIONS = 400;

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final double QUIET_SECONDS = 0.1;

  static Scene set(Ground ground, Pgbench pgbench, int scale, Findings findings)
      throws IOException, SQLException {
    findings.doing("filling main with pgbench's tables");
    pgbench.fill(ground.main(), scale);
    Product product = ground.product();
    Address branch = product.create(NAME, Product.Wish.now().thrownAway());
    String database = ground.main().database();
    BranchPostgres first = only(ground);
    Path data = first.process().data();
    try (ThinClient owner = ThinClient.connect(first.socket(), Roles.OWNER, database)) {
      owner.awaitSession();
      owner.ask("ALTER SYSTEM SET max_connections = " + CONNECTIONS);
    }
    product.suspend(NAME);
    Twin twin = Twin.of(data, ground.home(), DataLayout.of(ground.server().data()), database);
    List<Bouncer> bouncers = new ArrayList<>();
    try {
      branch.texts("SELECT count(*) FROM pgbench_accounts"); // which wakes it up
      Path socket = only(ground).socket();
      Path directory = Objects.requireNonNull(socket.getParent());
      List<Way> ways = new ArrayList<>();
      ways.add(direct("direct, unix socket", directory.toString(), 5432, "", database));
      ways.add(direct("direct, TCP", "127.0.0.1", twin.port(), Twin.PASSWORD, database));
      ways.addAll(bouncers(ground, directory, database, bouncers, findings));
      ways.add(
          new Way(
              "gateway",
              branch.host(),
              branch.port(),
              branch.user(),
              branch.database(),
              branch.password(),
              true,
              Optional.empty()));
      awaitQuiet(ground, findings);
      return new Scene(branch, socket, twin, bouncers, List.copyOf(ways));
    } catch (IOException | SQLException | RuntimeException e) {
      bouncers.forEach(Bouncer::close);
      twin.close();
      throw e;
    }
  }

  private static BranchPostgres only(Ground ground) throws IOException {
    List<BranchPostgres> running = BranchPostgres.running(ground);
    if (running.size() != 1) {
      throw new IllegalStateException("one branch should run, not " + running);
    }
    return running.getFirst();
  }

  private static Way direct(String words, String host, int port, String password, String database) {
    return new Way(words, host, port, Roles.CLIENT, database, password, true, Optional.empty());
  }

  private static List<Way> bouncers(
      Ground ground, Path sockets, String database, List<Bouncer> started, Findings findings)
      throws IOException {
    Optional<Path> program = Bouncer.find();
    if (program.isEmpty()) {
      findings.doing(
          "there is no PgBouncer on this machine, and nothing to compare with: apt-get install"
              + " pgbouncer");
      return List.of();
    }
    String version = Bouncer.version(program.get());
    List<Way> ways = new ArrayList<>();
    for (String mode : List.of("session", "transaction")) {
      Bouncer bouncer =
          Bouncer.start(
              program.get(),
              mode,
              ground.home().resolve("pgbouncer-" + mode),
              sockets,
              Roles.CLIENT,
              database);
      started.add(bouncer);
      ways.add(
          new Way(
              version + ", " + mode,
              "127.0.0.1",
              bouncer.port(),
              Roles.CLIENT,
              database,
              "",
              mode.equals("session"),
              Optional.of(bouncer)));
    }
    return ways;
  }

  /** The feed still takes in what filled main. */
  private static void awaitQuiet(Ground ground, Findings findings) {
    findings.doing("waiting for the server to have nothing to do");
    Poll.until(
        PATIENCE,
        () -> {
          try (ProcessorTime time = ProcessorTime.startUnwatched(ground.server())) {
            LockSupport.parkNanos(LOOK.toNanos());
            ProcessorTime.Spent spent = time.soFar();
            return spent.databases() + spent.server() < QUIET_SECONDS;
          }
        });
  }

  /** Through the gateway. */
  Way gateway() {
    return ways.getLast();
  }

  Way directOverTcp() {
    return ways.get(1);
  }

  List<Way> throughBouncers() {
    return ways.stream().filter(way -> way.bouncer().isPresent()).toList();
  }

  @Override
  public void close() throws IOException {
    bouncers.forEach(Bouncer::close);
    twin.close();
  }
}
