package dev.anabranch.server;

import dev.anabranch.branch.storage.LoopVolume;
import dev.anabranch.branch.storage.StorageBenchmark;
import dev.anabranch.server.settings.Setting;
import dev.anabranch.server.settings.Settings;
import dev.anabranch.server.settings.SettingsReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code anabranch storage}: what the data directory's disk can do for branches, and how it can do
 * more. Works before there is a server.
 */
final class StorageCommand {

  private static final int DONE = 0;
  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})([MGT])");

  private StorageCommand() {}

  /** What is printed. */
  enum Format {
    JSON,
    TEXT
  }

  static CommandSpec spec() {
    CommandSpec storage = CommandSpec.create().name("storage").mixinStandardHelpOptions(true);
    storage
        .usageMessage()
        .description("Say what the disk can do for branches, or make one that can do more.");
    storage.addSubcommand("check", checkSpec());
    storage.addSubcommand("make-volume", volumeSpec());
    return storage;
  }

  private static CommandSpec checkSpec() {
    CommandSpec check = CommandSpec.create().name("check").mixinStandardHelpOptions(true);
    check
        .usageMessage()
        .description("Try each way to copy a branch where the data directory is, and measure it.")
        .footer(
            "",
            "Examples:",
            "  anabranch storage check --data /srv/anabranch",
            "  anabranch storage check --format json | jq .shared");
    for (Setting setting : new Setting[] {Setting.DATA, Setting.STORAGE, Setting.STORAGE_TIMEOUT}) {
      check.addOption(
          OptionSpec.builder(setting.flag())
              .paramLabel(setting.unit())
              .type(String.class)
              .description(setting.sentence() + " Default: " + setting.defaultText() + ".")
              .build());
    }
    check.addOption(
        OptionSpec.builder("--format")
            .paramLabel("json|text")
            .type(Format.class)
            .completionCandidates(List.of("json", "text"))
            .defaultValue("TEXT")
            .description("What to print: json for programs, text for people (default).")
            .build());
    return check;
  }

  private static CommandSpec volumeSpec() {
    CommandSpec volume = CommandSpec.create().name("make-volume").mixinStandardHelpOptions(true);
    volume
        .usageMessage()
        .description(
            "Make an XFS volume, on which branches share blocks, in a file of this disk, and mount"
                + " it.",
            "The file grows as it is filled. Made already, it is mounted again. Needs root.")
        .footer(
            "",
            "Example:",
            "  anabranch storage make-volume --size 20G --at /srv/anabranch",
            "  anabranch up --data /srv/anabranch/data");
    volume.addOption(
        OptionSpec.builder("--size")
            .paramLabel("20G")
            .type(String.class)
            .required(true)
            .description("How large it may become: a number and M, G or T.")
            .build());
    volume.addOption(
        OptionSpec.builder("--at")
            .paramLabel("DIR")
            .type(Path.class)
            .required(true)
            .description("Where to mount it: an empty directory, or none. The file is DIR.xfs.")
            .build());
    return volume;
  }

  static int run(ParseResult parsed) {
    if (!parsed.hasSubcommand()) {
      throw new CommandLine.ParameterException(
          parsed.commandSpec().commandLine(), "Missing subcommand: check or make-volume.");
    }
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    ParseResult command = parsed.subcommand();
    out.print(command.commandSpec().name().equals("check") ? check(command) : makeVolume(command));
    return DONE;
  }

  private static String check(ParseResult parsed) {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    for (Setting setting : new Setting[] {Setting.DATA, Setting.STORAGE, Setting.STORAGE_TIMEOUT}) {
      Optional.ofNullable(parsed.<String>matchedOptionValue(setting.flag(), null))
          .ifPresent(value -> flags.put(setting, value));
    }
    Settings settings = SettingsReader.read(flags, System.getenv(), Optional.empty());
    StorageReport report =
        new StorageReport(
            settings.data(),
            settings.storage(),
            StorageBenchmark.of(settings.data(), settings.storage()),
            "root".equals(System.getProperty("user.name")));
    return parsed.matchedOptionValue("--format", Format.TEXT) == Format.JSON
        ? report.json()
        : report.text();
  }

  private static String makeVolume(ParseResult parsed) {
    LoopVolume volume = LoopVolume.at(parsed.matchedOptionValue("--at", Path.of("")));
    LoopVolume.Outcome outcome = volume.make(bytes(parsed));
    String done =
        switch (outcome) {
          case MADE -> "%s is a new XFS volume in %s.";
          case MOUNTED -> "%s is mounted again from %s, with what was in it.";
          case THERE_ALREADY -> "%s is a mounted volume already: nothing was done (%s).";
        };
    return String.format(Locale.ROOT, done, volume.directory(), volume.image())
        + "\nUse it:        anabranch up --data "
        + volume.directory().resolve("data")
        + "\nAfter a boot:  this command again, or in /etc/fstab: "
        + volume.fstabLine()
        + "\n";
  }

  private static long bytes(ParseResult parsed) {
    String text = parsed.matchedOptionValue("--size", "");
    Matcher size = SIZE.matcher(text.toUpperCase(Locale.ROOT));
    if (!size.matches()) {
      throw new CommandLine.ParameterException(
          parsed.commandSpec().commandLine(),
          "--size is '" + text + "': give a number and M, G or T, as in 20G.");
    }
    int shift =
        switch (size.group(2)) {
          case "M" -> 20;
          case "G" -> 30;
          default -> 40;
        };
    return Long.parseLong(size.group(1)) << shift;
  }
}
