package dev.anabranch.trials.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A line typed in a {@code console} block of a page, and what is expected to come back; {@code …}
 * stands for whatever comes there.
 */
record Exchange(String command, List<String> answer) {

  private static final Pattern BLOCK = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);

  static List<Exchange> allIn(Path page) throws IOException {
    List<Exchange> session = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(page));
    while (block.find()) {
      for (String line : block.group(1).lines().toList()) {
        if (line.startsWith("$ ")) {
          session.add(new Exchange(line.substring(2), new ArrayList<>()));
        } else {
          session.getLast().answer().add(line);
        }
      }
    }
    return session;
  }

  /** Types it and compares what comes back. */
  void play(Path directory, String url) throws IOException, InterruptedException {
    assertThat(run(directory, url, command).stripTrailing()).as(command).matches(pattern());
  }

  private Pattern pattern() {
    String text = String.join("\n", answer).stripTrailing();
    String quoted =
        Arrays.stream(text.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
    return Pattern.compile(quoted.replace(":6432/", ":\\E\\d+\\Q/"));
  }

  static String run(Path directory, String url, String command)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", command).directory(directory.toFile());
    builder.environment().put("ANABRANCH_URL", url);
    builder.redirectErrorStream(true);
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return printed;
  }
}
