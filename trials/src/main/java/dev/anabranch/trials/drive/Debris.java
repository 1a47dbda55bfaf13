package dev.anabranch.trials.drive;

import dev.anabranch.cluster.Poll;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What must not be left lying about while a server runs: processes nobody answers for, directories
 * of branches that are gone, rows of branches that nobody makes or removes, slots and publications
 * on main beyond the feed's and the mirror's.
 *
 * @param server the server
 * @param main its main
 */
public record Debris(ServerProcess server, Address main) {

  /** A cluster that is being stopped may take its time. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final List<String> RESIDENTS = List.of("control", "main", "mirror");
  private static final int SLOTS = 2;

  /** What there is too much of, in words; empty when all is tidy or becomes so soon. */
  public List<String> found() throws SQLException {
    Poll.until(PATIENCE, () -> hostDebris().isEmpty());
    List<String> found = hostDebris();
    Poll.until(PATIENCE, () -> controlDebris().isEmpty());
    found.addAll(controlDebris());
    found.addAll(mainDebris());
    return found;
  }

  /**
   * The branches that there should be.
   *
   * @param running those that may run: live ones, and those in store for the next caller
   * @param kept all whose files there are
   */
  private record Census(int running, int kept) {

    static Census of(JsonNode pools) {
      int running =
          pools.path("branches").asInt()
              + pools.path("hot").asInt()
              + pools.path("hotEphemeral").asInt()
              + pools.path("views").asInt();
      return new Census(
          running, running + pools.path("cold").asInt() + pools.path("deleted").asInt());
    }

    @Override
    public String toString() {
      return kept + " branches (stored, deleted and asleep ones counted)";
    }
  }

  private List<String> hostDebris() {
    Census branches = Census.of(server.product().status().path("pools"));
    List<String> found = new ArrayList<>();
    Path data = real(server.data());
    int running = 0;
    for (PostgresProcess process : PostgresProcess.below(data)) {
      Path place = data.relativize(process.data());
      if (place.startsWith("branches") && !process.data().toString().endsWith("(deleted)")) {
        running++;
      } else if (!RESIDENTS.contains(place.getName(0).toString())) {
        found.add("process " + process.pid() + " runs in " + process.data());
      }
    }
    if (running > branches.running()) {
      found.add(running + " branches run and " + branches.running() + " should");
    }
    List<Path> directories = children(data.resolve("branches"));
    if (directories.size() != branches.kept()) {
      found.add(branches + " have the directories " + directories);
    }
    List<Path> scratch = children(data.resolve("scratch"));
    if (!scratch.isEmpty()) {
      found.add("scratch clones are left: " + scratch);
    }
    List<Path> sockets = children(data.resolve("run"));
    if (sockets.size() > branches.kept() + RESIDENTS.size()) {
      found.add(branches + " have the socket directories " + sockets);
    }
    List<Path> images = children(data.resolve("golden"));
    if (images.size() > branches.kept() + 1) {
      found.add(branches + " keep " + images.size() + " golden images: " + images);
    }
    return found;
  }

  /** A view is a branch that never gets finished, and nobody else is one for long. */
  private List<String> controlDebris() {
    if (!Files.isDirectory(server.data().resolve("control"))) {
      return List.of();
    }
    int views = server.product().status().path("pools").path("views").asInt();
    List<String> unfinished =
        server.controlTexts("SELECT id FROM branches WHERE state IN ('CREATING', 'DELETING')");
    return unfinished.size() == views
        ? List.of()
        : List.of(views + " views have the unfinished branches " + unfinished);
  }

  private List<String> mainDebris() throws SQLException {
    List<String> found = new ArrayList<>();
    List<String> slots =
        main.texts("SELECT slot_name FROM pg_replication_slots WHERE slot_name LIKE 'anabranch%'");
    if (slots.size() != SLOTS) {
      found.add("main has the slots " + slots);
    }
    List<String> publications =
        main.texts("SELECT pubname FROM pg_publication WHERE pubname LIKE 'anabranch%'");
    if (publications.size() != 1) {
      found.add("main has the publications " + publications);
    }
    return found;
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException("looking at " + path, e);
    }
  }

  private static List<Path> children(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(directory)) {
      return children.filter(Files::isDirectory).map(Path::getFileName).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("looking at " + directory, e);
    }
  }
}
