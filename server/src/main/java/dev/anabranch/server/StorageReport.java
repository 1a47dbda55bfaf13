package dev.anabranch.server;

import dev.anabranch.branch.storage.Provider;
import dev.anabranch.branch.storage.StorageBenchmark;
import dev.anabranch.branch.storage.StorageBenchmark.Trial;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.ObjectMapper;

/**
 * What {@code anabranch storage check} prints.
 *
 * @param data the data directory that was asked about
 * @param wanted the provider that is set; empty: auto
 * @param survey what was found
 * @param root whether we may mount things
 */
record StorageReport(Path data, Optional<Provider> wanted, StorageBenchmark survey, boolean root) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double GIBIBYTE = 1L << 30;
  private static final double MEBIBYTE = 1L << 20;

  /** The provider that a server would use; empty when the one that is set does not work. */
  private Optional<Trial> chosen() {
    Trial trial = wanted.flatMap(survey::of).orElseGet(survey::best);
    return Optional.of(trial).filter(t -> t.ability().works());
  }

  private boolean shared() {
    return chosen().map(trial -> trial.ability().shared()).orElse(false);
  }

  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s: %s, %.1f GB free of %.1f GB%n%s%n%n",
            data,
            survey.filesystem(),
            survey.freeBytes() / GIBIBYTE,
            survey.totalBytes() / GIBIBYTE,
            headline()));
    text.append(
        columns(
            "storage",
            "works",
            "shares",
            "a clone of " + Math.round(StorageBenchmark.TRIAL_BYTES / MEBIBYTE) + " MB"));
    text.append('\n');
    for (Trial trial : survey.trials()) {
      text.append(row(trial).stripTrailing()).append('\n');
    }
    for (String line : advice()) {
      text.append('\n').append(line).append('\n');
    }
    return text.toString();
  }

  private String headline() {
    return chosen()
        .map(trial ->
            (trial.ability().shared()
                    ? "Branches share their blocks, by "
                    : "Branches are full copies, by ")
                + trial.provider().name()
                + ".")
        .orElse("The server will not start: the storage that is set does not work here.");
  }

  private String row(Trial trial) {
    String cost =
        trial
            .cost()
            .map(c ->
                String.format(
                    Locale.ROOT, "%.0f ms, %.1f MB of disk", c.millis(), c.bytes() / MEBIBYTE))
            .orElse("not measured: too little room");
    return columns(
        trial.provider().name(),
        trial.ability().works() ? "yes" : "no",
        trial.ability().shared() ? "yes" : "no",
        trial.ability().works() ? cost : trial.ability().hindrance().orElse("it failed"));
  }

  private String columns(String name, String works, String shares, String rest) {
    int widest =
        survey.trials().stream().mapToInt(t -> t.provider().name().length()).max().orElse(1);
    return String.format(
        Locale.ROOT, "%-" + widest + "s  %-5s  %-6s  %s", name, works, shares, rest);
  }

  /** How branches could share blocks here; empty when they do. */
  private List<String> advice() {
    if (shared()) {
      return List.of();
    }
    if (survey.best().ability().shared()) {
      return List.of(
          "To have them share blocks, leave --storage at auto: "
              + survey.best().provider().name()
              + " works here.");
    }
    List<String> lines = new ArrayList<>();
    if (survey.filesystem().equals("xfs")) {
      lines.add("This XFS was made without reflink=1 and can't be given it.");
    }
    lines.add(
        "To have them share blocks, put the data directory on XFS or btrfs"
            + (root ? ": " : "; as root, ")
            + "`anabranch storage make-volume --size 20G --at DIR` makes an XFS volume in a file of"
            + " a disk like this.");
    return lines;
  }

  String json() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("data", data.toString());
    report.put("filesystem", survey.filesystem());
    report.put("freeBytes", survey.freeBytes());
    report.put("totalBytes", survey.totalBytes());
    report.put("shared", shared());
    report.put("chosen", chosen().map(trial -> trial.provider().name()).orElse(null));
    report.put("clonedBytes", StorageBenchmark.TRIAL_BYTES);
    report.put("providers", survey.trials().stream().map(StorageReport::entry).toList());
    report.put("advice", advice());
    return JSON.writeValueAsString(report) + "\n";
  }

  private static Map<String, Object> entry(Trial trial) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("name", trial.provider().name());
    entry.put("works", trial.ability().works());
    entry.put("shared", trial.ability().shared());
    trial.ability().hindrance().ifPresent(text -> entry.put("hindrance", text));
    trial.cost().ifPresent(cost -> entry.put("cloneMillis", cost.millis()));
    trial.cost().ifPresent(cost -> entry.put("cloneBytes", cost.bytes()));
    return entry;
  }
}
