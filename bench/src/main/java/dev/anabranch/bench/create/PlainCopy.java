package dev.anabranch.bench.create;

import dev.anabranch.bench.measure.Ground;
import dev.anabranch.branch.golden.Roles;
import dev.anabranch.branch.storage.DataLayout;
import dev.anabranch.cluster.Cluster;
import dev.anabranch.cluster.Cluster.StopMode;
import dev.anabranch.cluster.ClusterSpec;
import dev.anabranch.cluster.Program;
import dev.anabranch.cluster.SystemUser;
import dev.anabranch.cluster.Trees;
import dev.anabranch.testkit.TemporaryPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** A branch as a script would make it: {@code cp -a}, start, ask. */
public final class PlainCopy {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** As small as a branch's, so that only the way there differs. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "shared_buffers", "16MB",
          "max_connections", "50",
          "autovacuum", "off",
          "wal_level", "logical",
          "io_method", "sync",
          "fsync", "off");

  private final Ground ground;
  private final String question;
  private final boolean sharing;
  private final DataLayout home;

  /**
   * @param question asked of it first
   * @param sharing whether its files may share blocks with the image's
   */
  public PlainCopy(Ground ground, String question, boolean sharing) {
    this.ground = ground;
    this.question = question;
    this.sharing = sharing;
    this.home = DataLayout.of(ground.server().data());
  }

  /** Nanoseconds from the wish to the answer. */
  public long firstAnswer(int number) throws Exception {
    Path directory = ground.home().resolve("plain-" + number);
    SystemUser user = SystemUser.choose(Optional.empty());
    user.makePrivateDirectory(directory);
    ClusterSpec spec =
        new ClusterSpec(
            directory.resolve("data"),
            home.socketsOf("plain-" + number),
            OptionalInt.empty(),
            SETTINGS,
            List.of("local all all trust"),
            directory.resolve("postgres.log"));
    Cluster cluster = new Cluster(TemporaryPostgres.installations().embedded(), user, spec);
    Path image = newestImage();
    long began = System.nanoTime();
    try {
      Program.mustRun(
          "copying an image",
          List.of(
              "cp",
              "-a",
              sharing ? "--reflink=auto" : "--reflink=never",
              image.toString(),
              spec.data().toString()),
          Map.of());
      cluster.start(PATIENCE);
      try (Connection connection = cluster.connect(Roles.OWNER, ground.main().database());
          Statement statement = connection.createStatement()) {
        statement.execute(question);
      }
      return System.nanoTime() - began;
    } finally {
      cluster.stop(StopMode.IMMEDIATE);
      Trees.delete(directory);
      Trees.delete(spec.sockets());
    }
  }

  private Path newestImage() throws IOException {
    try (Stream<Path> images = Files.list(home.golden())) {
      return images
          .max(Comparator.comparingLong(path -> Long.parseLong(path.getFileName().toString())))
          .orElseThrow(() -> new IllegalStateException("there is no image yet"))
          .resolve("data");
    }
  }
}
