package dev.anabranch.trials.kill;

import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.PostgresProcess;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.ServerProcess;
import dev.anabranch.trials.drive.Sql;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * One kill: a branch of its own, something going on, a victim that dies in the middle of it while
 * production goes on, and recovery. What clients were told is in the books; {@link Aftermath}
 * compares.
 */
final class Round {

  /** Between a moment and the commit that comes after it. */
  private static final long CLOCK_STEP_NANOS = 5_000_000;

  private static final int QUESTIONS_ASKED_BEFORE = 25;
  private static final int UNITS_WRITTEN_BEFORE = 6;
  private static final int MOST_LOOKS = 200;
  private static final long LONGEST_SILENCE_SECONDS = 120;

  private final ServerProcess server;
  private final Address main;
  private final Random random;
  private final String branch;
  private final Moment moment;
  private final Victim victim;
  private final Books books = new Books();
  private final AtomicBoolean over = new AtomicBoolean();
  private final List<String> findings = new ArrayList<>();
  private boolean createAcknowledged;
  private boolean victimFound;
  private long killedNanos;

  Round(
      ServerProcess server,
      Address main,
      Random random,
      String branch,
      Moment moment,
      Victim victim) {
    this.server = server;
    this.main = main;
    this.random = random;
    this.branch = branch;
    this.moment = moment;
    this.victim = victim;
  }

  /** Returns when everything runs again and production has ended. */
  void run() throws SQLException {
    if (moment != Moment.CREATE) {
      server.product().create(branch, Product.Wish.now());
      createAcknowledged = true;
      prepare();
    }
    long clientSeed = random.nextLong();
    try (MainTraffic _ = new MainTraffic(main, random.nextLong());
        ExecutorService client = Executors.newCachedThreadPool()) {
      Future<?> work = client.submit(() -> act(new Random(clientSeed)));
      LockSupport.parkNanos((long) (random.nextDouble() * moment.longestDelay().toNanos()));
      kill();
      if (victim == Victim.SERVER) {
        server.startAgain();
      } else {
        LockSupport.parkNanos(random.nextInt(500) * 1_000_000L);
      }
      over.set(true);
      await(work);
    }
  }

  private void await(Future<?> work) {
    try {
      work.get(LONGEST_SILENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      findings.add("the client failed unexpectedly: " + e.getCause());
    } catch (TimeoutException e) {
      work.cancel(true);
      findings.add("the client was left hanging for " + LONGEST_SILENCE_SECONDS + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Some answers and some units, so that there is something to feed, to check and to promote. */
  private void prepare() throws SQLException {
    try (Connection connection = server.product().branch(branch).connect()) {
      for (int i = 0; i < QUESTIONS_ASKED_BEFORE; i++) {
        ask(connection, "before " + i, random);
        if (i % (QUESTIONS_ASKED_BEFORE / UNITS_WRITTEN_BEFORE) == 0) {
          write(connection, "before " + i, random);
        }
      }
    }
  }

  private void ask(Connection connection, String label, Random dice) throws SQLException {
    String sql = Bank.question(1 + dice.nextInt(Bank.ACCOUNTS), branch + "#" + label);
    books.received(sql, Sql.texts(connection, sql).getFirst());
  }

  private void write(Connection connection, String label, Random dice) throws SQLException {
    String tag = branch + "#" + label;
    Bank.write(connection, dice, tag);
    books.committed(tag);
  }

  private void act(Random dice) {
    try {
      switch (moment) {
        case CREATE -> {
          Product.Wish wish = dice.nextBoolean() ? Product.Wish.now() : Product.Wish.latest();
          createAcknowledged = heard(() -> server.product().create(branch, wish));
        }
        case CAPTURE -> capture(dice);
        case FEED -> LockSupport.parkNanos(1); // production is what is going on
        case CHECK -> heard(() -> server.product().check(branch));
        case PROMOTE -> heard(this::promote);
        case LIFE -> live(dice);
        case RESTORE -> restore(dice);
        case VIEW -> lookBack(dice);
      }
    } catch (SQLException e) {
      // The connection broke: the client was told nothing, which is no promise.
      if (Sql.unexplained(e)) {
        findings.add("an unexplained failure: " + e.getMessage());
      }
    }
  }

  private void capture(Random dice) throws SQLException {
    try (Connection connection = server.product().branch(branch).connect()) {
      for (int i = 0; !over.get(); i++) {
        ask(connection, "during " + i, dice);
        if (i % 3 == 0) {
          write(connection, "during " + i, dice);
        }
      }
    }
  }

  private void live(Random dice) throws SQLException {
    Address reached = server.product().branch(branch); // for good: it keeps its name and password
    for (int i = 0; !over.get(); i++) {
      heard(() -> server.product().suspend(branch));
      try (Connection connection = reached.connect()) {
        ask(connection, "awake " + i, dice);
      }
      heard(() -> server.product().deleteForNow(branch));
      heard(() -> server.product().undelete(branch));
    }
  }

  private void restore(Random dice) throws SQLException {
    Address reached = server.product().branch(branch);
    for (int i = 0; !over.get(); i++) {
      String then = Instant.now().toString();
      LockSupport.parkNanos(CLOCK_STEP_NANOS);
      String tag = branch + "#taken back " + i;
      try (Connection connection = reached.connect()) {
        Bank.write(connection, dice, tag);
      }
      if (heard(() -> server.product().restore(branch, then))) {
        books.takenBack(tag);
      }
    }
  }

  private void lookBack(Random dice) throws SQLException {
    Address reached = server.product().branch(branch);
    for (int i = 0; !over.get(); i++) {
      Books.Past past =
          books.passed(dice.nextBoolean() ? Instant.now().toString() : logPosition(reached));
      LockSupport.parkNanos(CLOCK_STEP_NANOS);
      try (Connection connection = reached.connect()) {
        write(connection, "later " + i, dice);
      }
      try (Connection connection = reached.at(past.moment()).connect()) {
        for (int looks = dice.nextInt(MOST_LOOKS); looks >= 0; looks--) {
          Bank.difference(past, Bank.tags(connection, branch)).ifPresent(findings::add);
        }
      }
    }
  }

  private static String logPosition(Address reached) throws SQLException {
    try (Connection connection = reached.connect()) {
      Sql.run(connection, "SET anabranch.capture = 'off'");
      return Sql.texts(connection, "SELECT pg_current_wal_insert_lsn()").getFirst();
    }
  }

  private void promote() {
    books.promoted(server.product().promote(branch, false, List.of()).path("receipt").asString());
  }

  /**
   * Whether the call was answered with success. A refusal is fine when its reason is one that we
   * know; "something failed that should not have" is none. A connection that broke is no promise.
   */
  private boolean heard(Runnable call) {
    try {
      call.run();
      return true;
    } catch (Product.Refused e) {
      if (e.unexplained()) {
        findings.add("an unexplained failure: " + e.getMessage());
      }
      return false;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private void kill() {
    killedNanos = System.nanoTime();
    switch (victim) {
      case SERVER -> {
        server.kill();
        victimFound = true;
      }
      case BRANCH -> killOne(PostgresProcess.below(server.data().resolve("branches")));
      case MIRROR -> killOne(PostgresProcess.below(server.data().resolve("mirror")));
      case CONTROL -> killOne(PostgresProcess.below(server.data().resolve("control")));
    }
  }

  /** The branch of this round is the one that started last. */
  private void killOne(List<PostgresProcess> candidates) {
    candidates.stream()
        .max((a, b) -> Long.compare(a.pid(), b.pid()))
        .ifPresent(process -> {
          process.kill();
          victimFound = true;
        });
  }

  String branch() {
    return branch;
  }

  Moment moment() {
    return moment;
  }

  Victim victim() {
    return victim;
  }

  Books books() {
    return books;
  }

  boolean createAcknowledged() {
    return createAcknowledged;
  }

  /** Whether there was a process to kill at that moment. */
  boolean victimFound() {
    return victimFound;
  }

  long killedNanos() {
    return killedNanos;
  }

  List<String> findings() {
    return findings;
  }

  @Override
  public String toString() {
    return (victim + " killed during " + moment).toLowerCase(Locale.ROOT);
  }
}
