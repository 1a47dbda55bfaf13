package dev.anabranch.trials;

import dev.anabranch.trials.drive.Options;
import dev.anabranch.trials.drive.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;

/** One real server with an embedded main for all trials of a test run; it stops with the JVM. */
public final class LiveServer {

  private static final class Holder {
    private static final ServerProcess SERVER = start();
  }

  private LiveServer() {}

  /** The server, started when it is first wanted. */
  public static ServerProcess shared() {
    return Holder.SERVER;
  }

  private static ServerProcess start() {
    try {
      return ServerProcess.start(Options.of().directory("data", "anabranch-trials"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
