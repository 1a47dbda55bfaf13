package dev.anabranch.server;

import dev.anabranch.cluster.Installations;
import dev.anabranch.cluster.SystemUser;
import dev.anabranch.server.home.ControlPostgres;
import dev.anabranch.server.home.EmbeddedClusters;
import dev.anabranch.server.home.EmbeddedMain;
import dev.anabranch.server.home.Home;
import dev.anabranch.server.home.HomeLock;
import dev.anabranch.server.home.PostgresUrl;
import dev.anabranch.server.settings.Settings;
import java.util.function.Consumer;

/**
 * The whole product, wired: each part is started in the order in which the next one needs it, and
 * stopped in reverse. A server killed at any point is found again by the next one on the same
 * directory.
 */
public final class Anabranch implements AutoCloseable {

  private final Settings settings;
  private final Consumer<String> progress;
  private final Closers closers = new Closers();

  /**
   * @param progress told, in a sentence, what slow step is under way
   */
  public Anabranch(Settings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /** Returns when everything answers; a failure stops what had been started. */
  public void start() {
    try {
      startParts();
    } catch (RuntimeException e) {
      closers.close();
      throw e;
    }
  }

  private void startParts() {
    Home home = new Home(settings.data());
    closers.start("the data directory", () -> HomeLock.take(home));
    EmbeddedClusters clusters = embeddedClusters(home);
    ControlPostgres control = closers.start("the control database", () -> control(clusters));
    EmbeddedMain main =
        closers.start(
            "main", () -> EmbeddedMain.start(clusters, control.dataSource(), settings.mainPort()));
    progress.accept("main " + main.url());
  }

  private EmbeddedClusters embeddedClusters(Home home) {
    Installations installations = new Installations(settings.postgresBin(), home.postgres());
    return new EmbeddedClusters(home, installations, SystemUser.choose(settings.postgresUser()));
  }

  private ControlPostgres control(EmbeddedClusters clusters) {
    return settings
        .controlUrl()
        .map(url -> ControlPostgres.elsewhere(PostgresUrl.parse(url)))
        .orElseGet(() -> ControlPostgres.embedded(clusters));
  }

  @Override
  public void close() {
    closers.close();
  }
}
