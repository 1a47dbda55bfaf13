package dev.anabranch.branch.history;

import dev.anabranch.base.Lsn;
import dev.anabranch.branch.history.LogRecords.Step;
import dev.anabranch.branch.storage.DataDirectory;
import dev.anabranch.branch.storage.Storage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A log that is kept from some position on, for going back to a moment in it.
 *
 * @param segments its files
 */
public record PastLog(LogSegments segments) {

  /**
   * A moment in the log.
   *
   * @param lsn the end of a record
   * @param time when that was
   */
  public record Moment(Lsn lsn, Instant time) {}

  /**
   * The last moment that the point includes, at or after the start.
   *
   * @param start the end of a record
   * @param limit nothing behind it is read
   */
  public Moment find(PastPoint point, Moment start, Lsn limit) {
    Moment found = start;
    try (LogRecords records = new LogRecords(segments, start.lsn(), limit)) {
      for (Optional<Step> step = records.next();
          step.isPresent() && includes(point, step.get());
          step = records.next()) {
        found = new Moment(step.get().end(), step.get().committedAt().orElse(found.time()));
      }
    }
    return found;
  }

  private static boolean includes(PastPoint point, Step step) {
    return switch (point) {
      case PastPoint.AtLsn(Lsn lsn) -> !step.end().isAfter(lsn);
      case PastPoint.AtTime(Instant time) ->
          step.committedAt().filter(committed -> committed.isAfter(time)).isEmpty();
    };
  }

  /**
   * Gives a data directory without log the log that it recovers with, to exactly the end and no
   * further.
   *
   * @param redo where its recovery starts
   */
  public void copyTo(Path data, Lsn redo, Lsn end, Storage storage) {
    List<Path> files = new ArrayList<>();
    for (long at = segments.startOf(redo.value()); at < end.value(); at += segments.bytes()) {
      files.add(segments.holding(at));
    }
    storage.copyFiles(files, data.resolve("pg_wal"));
    DataDirectory.endWalAt(data, end, segments.bytes());
  }
}
