package dev.anabranch.server;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.server.settings.Setting;
import dev.anabranch.server.settings.Settings;
import dev.anabranch.server.settings.SettingsReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The server's process, and what works without one: {@code up}, {@code demo}, {@code storage}. */
public final class Main {

  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private Main() {}

  /** Ends the process with 0 done, 1 failed (one sentence on stderr), 2 usage. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** The commands that this program runs, for whoever writes about them. */
  public static CommandLine commands() {
    CommandLine line = new CommandLine(CommandSpec.create().name("anabranch"));
    line.addSubcommand("up", upSpec());
    line.addSubcommand("demo", DemoCommand.spec());
    line.addSubcommand("storage", StorageCommand.spec());
    return line;
  }

  private static int run(String[] arguments) {
    CommandLine line = commands();
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionStrategy(Main::dispatch);
    line.setParameterExceptionHandler((e, args) -> {
      System.err.println(e.getMessage());
      System.err.println(
          "Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
      return USAGE;
    });
    return line.execute(arguments);
  }

  private static CommandSpec upSpec() {
    CommandSpec up = CommandSpec.create().name("up").mixinStandardHelpOptions(true);
    up.usageMessage()
        .description("Run the server in the foreground; it prints 'ready' on a line of its own.")
        .footer(
            "",
            "Each option can also come from the environment (--http-port: ANABRANCH_HTTP_PORT) or"
                + " from",
            "anabranch.properties in the data directory (http-port = 6480).",
            "",
            "Examples:",
            "  anabranch up                                   # with a Postgres of its own as main",
            "  anabranch up --main postgres://me@db.example:5432/shop --data /srv/anabranch");
    for (Setting setting : Setting.values()) {
      up.addOption(
          OptionSpec.builder(setting.flag())
              .paramLabel(setting.unit())
              .type(String.class)
              .arity(setting == Setting.OPEN ? "0..1" : "1")
              .fallbackValue(setting == Setting.OPEN ? "true" : "")
              .description(setting.sentence() + " Default: " + setting.defaultText() + ".")
              .build());
    }
    up.addOption(
        OptionSpec.builder("--config")
            .paramLabel("FILE")
            .type(Path.class)
            .description(
                "A file of settings to read instead of anabranch.properties in the data directory.")
            .build());
    return up;
  }

  private static int dispatch(ParseResult parsed) {
    Integer help = CommandLine.executeHelpRequest(parsed);
    if (help != null) {
      return help;
    }
    if (!parsed.hasSubcommand()) {
      throw new CommandLine.ParameterException(
          parsed.commandSpec().commandLine(), "Missing subcommand: up, demo or storage.");
    }
    try {
      ParseResult command = parsed.subcommand();
      return switch (command.commandSpec().name()) {
        case "up" -> up(command);
        case "demo" -> DemoCommand.run(command);
        default -> StorageCommand.run(command);
      };
    } catch (AnabranchException e) {
      System.err.println(e.getMessage());
      return FAILED;
    }
  }

  private static int up(ParseResult parsed) {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      Optional.ofNullable(parsed.<String>matchedOptionValue(setting.flag(), null))
          .ifPresent(value -> flags.put(setting, value));
    }
    Optional<Path> file = Optional.ofNullable(parsed.matchedOptionValue("--config", null));
    Settings settings = SettingsReader.read(flags, System.getenv(), file);
    // Read by logback.xml when somebody logs for the first time.
    System.setProperty("anabranch.log.format", settings.jsonLogs() ? "json" : "text");
    serve(settings);
    return DONE;
  }

  /** Where the pages are, for who sits at this machine. */
  private static String pages(String host, int port) {
    boolean isAnywhere = host.equals("0.0.0.0") || host.equals("::");
    String named = isAnywhere ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host;
    return "http://" + named + ":" + port + "/";
  }

  /**
   * Until main is released or the process is told to stop: SIGTERM and SIGINT end every Postgres of
   * ours, then us.
   */
  private static void serve(Settings settings) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Anabranch anabranch = new Anabranch(settings, out::println);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                TimelyStop.of(anabranch, settings.data(), settings.limits().drain()), "stop"));
    Anabranch.Running running = anabranch.start();
    running.entrance().letOwnUserIn(System.getenv());
    out.println("in a browser: " + pages(settings.httpHost(), running.httpPort()));
    out.println("ready");
    try {
      anabranch.awaitEnd();
      out.println("main is released: stopping …");
      anabranch.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
