package dev.anabranch.server.health;

import dev.anabranch.base.Lsn;
import dev.anabranch.branch.mirror.MainAddress;
import dev.anabranch.branch.mirror.Mirror;
import dev.anabranch.mainfeed.slot.FeedSupervisor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Main, the mirror, the feed, the control database and the disk, as they were found last. What is
 * asked here is answered from memory.
 */
public final class ServerHealth implements AutoCloseable {

  /** Below it the next copy or the next commit may fail. */
  private static final long LEAST_FREE_BYTES = 256L << 20;

  private static final Duration NO_GRACE = Duration.ZERO;
  private static final Duration CUT_GRACE = Duration.ofSeconds(30);
  private static final Duration RECONNECTING_GRACE = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(12);
  private static final Duration CUT_PATIENCE = Duration.ofMinutes(2);
  private static final int QUERY_SECONDS = 5;

  private static final Logger LOG = LoggerFactory.getLogger(ServerHealth.class);

  private final Health health;
  private final MainProbe main;
  private final Mirror mirror;
  private final FeedSupervisor feed;
  private final DataSource control;
  private final Path data;
  private final Lag mirrorLag;
  private final Lag feedLag;
  private volatile MainProbe.Look mainLook =
      new MainProbe.Look(Lsn.ZERO, Optional.empty(), Map.of());
  private volatile Lsn replayed = Lsn.ZERO;

  /**
   * @param id tells this Anabranch's slots on main from another's
   * @param data the data directory
   */
  public ServerHealth(
      MainAddress main,
      String id,
      Mirror mirror,
      FeedSupervisor feed,
      DataSource control,
      Path data,
      InstantSource clock) {
    this.health = new Health(clock);
    this.main = new MainProbe(main, "anabranch_mirror_" + id, "anabranch_feed_" + id);
    this.mirror = mirror;
    this.feed = feed;
    this.control = control;
    this.data = data;
    this.mirrorLag = new Lag(clock);
    this.feedLag = new Lag(clock);
    health.add("main", NO_GRACE, PATIENCE, this::lookAtMain);
    health.add("mirror", CUT_GRACE, CUT_PATIENCE, this::lookAtMirror);
    health.add("feed", RECONNECTING_GRACE, PATIENCE, this::lookAtFeed);
    health.add("control", NO_GRACE, PATIENCE, this::lookAtControl);
    health.add("disk", NO_GRACE, PATIENCE, this::lookAtDisk);
  }

  /** Has looked at main once when it returns. */
  public void start() {
    replayed = mirror.replayed();
    lookAtMain().ifPresent(why -> LOG.warn("Main could not be looked at: {}", why));
    health.start();
  }

  private Optional<String> lookAtMain() {
    try {
      MainProbe.Look look = main.look();
      mainLook = look;
      feedLag.saw(look.position(), feed.status().applied());
      mirrorLag.saw(look.position(), replayed);
      return Optional.empty();
    } catch (SQLException e) {
      // What the driver says can name addresses and users: this is told to whoever asks.
      return Optional.of(
          "it can't be asked (SQLSTATE " + Optional.ofNullable(e.getSQLState()).orElse("-") + ")");
    }
  }

  private Optional<String> lookAtMirror() {
    replayed = mirror.replayed();
    return unread(main.mirrorSlot());
  }

  private Optional<String> lookAtFeed() {
    if (!feed.status().streaming()) {
      return Optional.of("it does not read main's WAL (`anabranch status` says why)");
    }
    return unread(main.feedSlot());
  }

  /** Why nobody reads from a slot, as far as main could be asked. */
  private Optional<String> unread(String name) {
    if (!health.answers("main")) {
      return Optional.of("main can't be asked");
    }
    MainProbe.Slot slot = mainLook.slots().get(name);
    if (slot == null) {
      return Optional.of("its slot " + name + " is not on main");
    }
    if (slot.state().equals("lost")) {
      return Optional.of("main has let go of the WAL that its slot " + name + " needs");
    }
    return slot.active()
        ? Optional.empty()
        : Optional.of("it is not connected to main (slot " + name + ")");
  }

  private Optional<String> lookAtControl() {
    try (Connection connection = control.getConnection();
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(QUERY_SECONDS);
      statement.execute("SELECT 1");
      return Optional.empty();
    } catch (SQLException e) {
      return Optional.of(
          "it can't be asked (SQLSTATE " + Optional.ofNullable(e.getSQLState()).orElse("-") + ")");
    }
  }

  private Optional<String> lookAtDisk() {
    long free = freeBytes();
    return free >= LEAST_FREE_BYTES
        ? Optional.empty()
        : Optional.of("only " + (free >> 20) + " MB are free");
  }

  public Readiness readiness() {
    return health.readiness();
  }

  public PartHealth of(String part) {
    return health.of(part);
  }

  /** Whether a part answered when it was looked at last; who reads from main needs main. */
  public boolean answers(String part) {
    boolean readsMain = part.equals("mirror") || part.equals("feed");
    return health.answers(part) && (!readsMain || health.answers("main"));
  }

  public Iterable<String> parts() {
    return health.parts();
  }

  /** How far the mirror is, when it was asked last. */
  public Lsn replayed() {
    return replayed;
  }

  /** How much of main's WAL the mirror has not replayed; NaN when nobody knows. */
  public double mirrorLagBytes() {
    return mirrorLag.bytes(mainLook.position(), replayed, answers("mirror"));
  }

  public double mirrorLagSeconds() {
    return mirrorLag.seconds(answers("mirror"));
  }

  /** How much of main's WAL the feed has not stored; NaN when nobody knows. */
  public double feedLagBytes() {
    return feedLag.bytes(mainLook.position(), feed.status().applied(), answers("feed"));
  }

  public double feedLagSeconds() {
    return feedLag.seconds(answers("feed"));
  }

  /** How much log main keeps for the mirror; NaN when nobody knows. */
  public double mirrorRetainedBytes() {
    return retainedBytes(main.mirrorSlot());
  }

  /** How much log main keeps for the feed; NaN when nobody knows. */
  public double feedRetainedBytes() {
    return retainedBytes(main.feedSlot());
  }

  private double retainedBytes(String slot) {
    MainProbe.Slot seen = mainLook.slots().get(slot);
    return seen == null || !answers("main") ? Double.NaN : seen.retainedBytes();
  }

  /** How much log main keeps for a slot at most; infinite when it sets no limit. */
  public double walLimitBytes() {
    return mainLook.walLimitBytes().map(Long::doubleValue).orElse(Double.POSITIVE_INFINITY);
  }

  /** The size of the disk that the data directory is on. */
  public long totalBytes() {
    try {
      return disk().getTotalSpace();
    } catch (IOException e) {
      throw new UncheckedIOException("looking at the disk", e);
    }
  }

  /** How much of it we can still write. */
  public long freeBytes() {
    try {
      return disk().getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException("looking at the disk", e);
    }
  }

  private FileStore disk() throws IOException {
    return Files.getFileStore(data);
  }

  @Override
  public void close() {
    health.close();
    main.close();
  }
}
