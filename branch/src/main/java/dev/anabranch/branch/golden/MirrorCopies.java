package dev.anabranch.branch.golden;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.branch.mirror.MainFacts;
import dev.anabranch.branch.mirror.Mirror;
import dev.anabranch.branch.storage.DataDirectory;
import dev.anabranch.branch.storage.Storage;
import dev.anabranch.branch.storage.Urgency;
import dev.anabranch.cluster.Poll;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Copies of the mirror's files, in which is what main had acknowledged before. Nobody has recovered
 * them: whoever wants to read one starts a Postgres on it.
 */
final class MirrorCopies {

  private static final Duration REPLAY_PATIENCE = Duration.ofMinutes(5);
  private static final Duration FLUSH_PATIENCE = Duration.ofSeconds(2);

  private final Mirror mirror;
  private final Storage storage;

  MirrorCopies(Mirror mirror, Storage storage) {
    this.mirror = mirror;
    this.storage = storage;
  }

  /**
   * Where main's WAL was when it was asked: what was acknowledged before is at or below the
   * position.
   */
  record Asked(Lsn position, Instant time) {}

  Mirror mirror() {
    return mirror;
  }

  Asked askMain() {
    try (Connection connection = mirror.main().connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT clock_timestamp(), pg_current_wal_insert_lsn()")) {
      row.next();
      return new Asked(
          WalPosition.endOfRecord(Lsn.parse(row.getString(2))), row.getTimestamp(1).toInstant());
    } catch (SQLException e) {
      throw new AnabranchException(ErrorCode.MAIN_UNREACHABLE, e, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Has main write out its log up to here, commits with {@code synchronous_commit = off} included;
   * returns how far it is.
   *
   * @param checkpoint whether a copy of the mirror follows. The mirror's own checkpoints follow
   *     main's: without one now, each copy replays what came since the last.
   */
  Lsn flush(Lsn position, boolean checkpoint) {
    try (Connection connection = mirror.main().connect();
        Statement statement = connection.createStatement()) {
      if (checkpoint && mirror.facts().mayCheckpoint()) {
        statement.execute("CHECKPOINT");
      }
      Poll.until(FLUSH_PATIENCE, () -> !flushed(statement).isBefore(position));
      return flushed(statement);
    } catch (SQLException e) {
      throw new AnabranchException(ErrorCode.MAIN_UNREACHABLE, e, String.valueOf(e.getMessage()));
    }
  }

  private static Lsn flushed(Statement statement) {
    try (ResultSet row = statement.executeQuery("SELECT pg_current_wal_flush_lsn()")) {
      row.next();
      return WalPosition.endOfRecord(Lsn.parse(row.getString(1)));
    } catch (SQLException e) {
      throw new AnabranchException(ErrorCode.MAIN_UNREACHABLE, e, String.valueOf(e.getMessage()));
    }
  }

  void awaitReplay(Lsn target) {
    if (!mirror.awaitReplay(target, REPLAY_PATIENCE)) {
      throw new AnabranchException(
          ErrorCode.POSTGRES_FAILED,
          "copying the mirror",
          "the mirror has not reached "
              + target
              + " within "
              + REPLAY_PATIENCE.toMinutes()
              + " minutes.");
    }
  }

  /** Makes a copy of all that main has acknowledged before; returns where its log ends. */
  Lsn copyNow(Path data, Urgency urgency) {
    awaitReplay(flush(askMain().position(), true));
    return copy(data, urgency);
  }

  /** Makes a copy of the mirror as it is; returns where its log ends. */
  Lsn copy(Path data, Urgency urgency) {
    long segmentBytes = mirror.facts().walSegmentBytes();
    return mirror.frozen(frozen -> {
      storage.densify(frozen.data(), urgency);
      storage.copy(
          frozen.data(),
          data,
          DataDirectory.withoutSlots()
              .and(DataDirectory.walBetween(frozen.redo(), frozen.position(), segmentBytes)));
      DataDirectory.endWalAt(data, frozen.position(), segmentBytes);
      return frozen.position();
    });
  }

  /** Settings of main that change what a statement means on a copy of it, or how much it can do. */
  static Map<String, String> settingsOfMain(MainFacts facts) {
    Map<String, String> settings = new HashMap<>(facts.sessionDefaults());
    for (String name : List.of("max_prepared_transactions", "max_locks_per_transaction")) {
      settings.put(name, facts.standbyMinimums().getOrDefault(name, "64"));
    }
    return settings;
  }

  /**
   * Settings of a cluster that recovers a copy, and is to be quick about it: nothing rests on it
   * yet.
   */
  static Map<String, String> settingsOfCopy(MainFacts facts, Map<String, String> mainSettings) {
    Map<String, String> settings =
        new HashMap<>(BranchSettings.of(facts.major(), mainSettings, false));
    settings.put("shared_buffers", "64MB");
    settings.put("max_wal_size", "4GB"); // no checkpoint but those we ask for
    settings.put("checkpoint_timeout", "1d");
    return settings;
  }
}
