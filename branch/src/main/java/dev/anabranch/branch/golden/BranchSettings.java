package dev.anabranch.branch.golden;

import java.util.HashMap;
import java.util.Map;

/** Postgres settings of clusters that are copies of main: small, alone, and unable to reach it. */
public final class BranchSettings {

  private static final int POSTGRES_18 = 18;

  /** Of a main where nobody chose how many locks there is room for. */
  private static final String DEFAULT_LOCKS = "64";

  private BranchSettings() {}

  /**
   * @param image what it is a copy of
   * @param durable false when it may be lost with the machine's power
   */
  public static Map<String, String> of(GoldenImage image, boolean durable) {
    return of(image.major(), image.mainSettings(), durable);
  }

  /** Whether a cluster with these settings keeps its work when the machine loses power. */
  public static boolean isDurable(Map<String, String> settings) {
    return !"off".equals(settings.get("fsync"));
  }

  static Map<String, String> of(int major, Map<String, String> mainSettings, boolean durable) {
    Map<String, String> settings = new HashMap<>(mainSettings);
    settings.put("max_connections", "70");
    // A running branch that nobody uses costs what it touches at its start: these tables are filled
    // then, each for every connection there may be, and one person's branch has no use for large
    // ones.
    settings.put("shared_buffers", "16MB");
    settings.put("wal_buffers", "128kB");
    settings.put("max_pred_locks_per_transaction", "24");
    settings.computeIfPresent(
        "max_locks_per_transaction", (_, mains) -> mains.equals(DEFAULT_LOCKS) ? "48" : mains);
    settings.put("autovacuum", "off");
    settings.put("wal_level", "logical");
    settings.put("max_wal_senders", "2");
    settings.put("max_replication_slots", "4");
    settings.put("max_slot_wal_keep_size", "-1");
    settings.put("min_wal_size", "32MB");
    settings.put("wal_recycle", "off");
    settings.put("track_commit_timestamp", "on"); // when each of its definitions took effect
    settings.put("log_timezone", "UTC");
    settings.put("allow_in_place_tablespaces", "on"); // they are copied with everything else
    settings.put("log_min_messages", "warning");
    settings.put("update_process_title", "off");
    settings.put("huge_pages", "off");
    // A copy of main must not act as main does: no archive, no subscription, no foreign library.
    settings.put("archive_mode", "off");
    settings.put("max_logical_replication_workers", "0");
    settings.put("shared_preload_libraries", "");
    settings.put("synchronous_standby_names", "");
    if (!durable) {
      settings.put("fsync", "off");
      settings.put("synchronous_commit", "off");
      settings.put("full_page_writes", "off");
    }
    if (major >= POSTGRES_18) { // no processes for reading, no room for vacuums
      settings.put("io_method", "sync");
      settings.put("io_max_concurrency", "4");
      settings.put("autovacuum_worker_slots", "1");
    }
    return settings;
  }
}
