package dev.anabranch.trials.soak;

import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.PostgresProcess;
import dev.anabranch.trials.drive.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;

/**
 * What grows when something leaks.
 *
 * @param retainedBytes main's WAL that Anabranch's slots hold back
 * @param unconfirmedBytes main's WAL that the feed has not confirmed
 * @param serverBytes the server's resident memory
 * @param postmasters Postgres servers that run
 */
record Gauges(long retainedBytes, long unconfirmedBytes, long serverBytes, int postmasters) {

  private static final long BYTES_PER_KILOBYTE = 1024;

  static Gauges read(ServerProcess server, Address main) throws SQLException, IOException {
    return new Gauges(
        heldBackBytes(main),
        slots(main, "confirmed_flush_lsn"),
        residentBytes(server.pid()),
        PostgresProcess.below(server.data()).size());
  }

  static long heldBackBytes(Address main) throws SQLException {
    return slots(main, "restart_lsn");
  }

  private static long slots(Address main, String position) throws SQLException {
    return Long.parseLong(
        main.texts(
                "SELECT coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), "
                    + position
                    + ")), 0)::bigint FROM pg_replication_slots WHERE slot_name LIKE 'anabranch%'")
            .getFirst());
  }

  private static long residentBytes(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * BYTES_PER_KILOBYTE)
        .findFirst()
        .orElse(0);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "slots hold back %.1f MB, feed behind %.1f MB, server %.0f MB, %d postmasters",
        retainedBytes / 1e6,
        unconfirmedBytes / 1e6,
        serverBytes / 1e6,
        postmasters);
  }
}
