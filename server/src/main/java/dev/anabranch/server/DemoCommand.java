package dev.anabranch.server;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.cluster.Trees;
import dev.anabranch.server.demo.Demo;
import dev.anabranch.server.settings.Setting;
import dev.anabranch.server.settings.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code anabranch demo}: the story, in a directory of its own that is gone afterwards. */
final class DemoCommand {

  private static final int DONE = 0;
  private static final int FALSE_HOLDS = 1;

  private DemoCommand() {}

  /** What the demo prints. */
  enum Format {
    JSON,
    TEXT
  }

  static CommandSpec spec() {
    CommandSpec demo = CommandSpec.create().name("demo").mixinStandardHelpOptions(true);
    demo.usageMessage()
        .description(
            "Tell the whole story on an embedded Postgres, with real numbers: fork, ask, act,"
                + " check, promote,",
            "and ask everything again by brute force.")
        .footer(
            "",
            "Examples:",
            "  anabranch demo",
            "  anabranch demo --format json | jq .falseHolds",
            "  anabranch demo --serve                # leaves it running: look around with psql");
    demo.addOption(
        OptionSpec.builder("--serve")
            .type(boolean.class)
            .description("Leave everything running on the usual ports until Ctrl-C.")
            .build());
    demo.addOption(
        OptionSpec.builder("--format")
            .paramLabel("json|text")
            .type(Format.class)
            .completionCandidates(List.of("json", "text"))
            .defaultValue("TEXT")
            .description("What to print: json for programs, text for people (default).")
            .build());
    return demo;
  }

  static int run(ParseResult parsed) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    boolean json = parsed.matchedOptionValue("--format", Format.TEXT) == Format.JSON;
    boolean serve = parsed.matchedOptionValue("--serve", false);
    Path data = temporaryDirectory();
    Anabranch anabranch = new Anabranch(settings(data, serve), err::println);
    CountDownLatch stopped = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              anabranch.close();
              remove(data);
              stopped.countDown();
            },
            "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    int exit =
        play(
            anabranch, serve, json ? err::println : out::println, json ? out::println : line -> {});
    if (serve) {
      out.println("ready");
      await(stopped);
    }
    return exit;
  }

  private static int play(
      Anabranch anabranch, boolean serve, Consumer<String> narration, Consumer<String> json) {
    try {
      Anabranch.Running running = anabranch.start();
      if (serve) {
        running.entrance().letOwnUserIn(System.getenv());
      }
      Demo.Ending ending =
          Demo.play(running.operations(), running.main(), running.gatewayPort(), narration);
      json.accept(ending.json());
      return ending.falseHolds() == 0 ? DONE : FALSE_HOLDS;
    } catch (SQLException e) {
      throw new AnabranchException(
          ErrorCode.POSTGRES_FAILED, e, "playing the demo", String.valueOf(e.getMessage()));
    }
  }

  private static Settings settings(Path data, boolean serve) {
    Settings quiet = Settings.inDirectory(data);
    return serve
        ? quiet.withPorts(
            0,
            Integer.parseInt(Setting.HTTP_PORT.defaultText()),
            Integer.parseInt(Setting.GATEWAY_PORT.defaultText()))
        : quiet;
  }

  private static Path temporaryDirectory() {
    try {
      Path directory = Files.createTempDirectory("anabranch-demo-");
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException("making a directory for the demo", e);
    }
  }

  private static void remove(Path directory) {
    try {
      Trees.delete(directory);
    } catch (IOException e) {
      System.err.println(
          "The demo's directory " + directory + " could not be removed: " + e.getMessage());
    }
  }

  private static void await(CountDownLatch stopped) {
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
