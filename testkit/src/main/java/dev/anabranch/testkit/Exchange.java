package dev.anabranch.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A line typed in a {@code console} block of a page, and what is expected to come back; {@code …}
 * stands for whatever comes there.
 */
public record Exchange(String command, List<String> answer) {

  private static final Pattern BLOCK = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);

  public Exchange {
    answer = List.copyOf(answer);
  }

  /** The whole session on a page, from top to bottom. */
  public static List<Exchange> allIn(Path page) throws IOException {
    List<Exchange> session = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(page));
    while (block.find()) {
      for (String line : block.group(1).lines().toList()) {
        session.add(
            line.startsWith("$ ")
                ? new Exchange(line.substring(2), List.of())
                : session.removeLast().followedBy(line));
      }
    }
    return session;
  }

  private Exchange followedBy(String line) {
    List<String> longer = new ArrayList<>(answer);
    longer.add(line);
    return new Exchange(command, longer);
  }

  /** What the page promises to come back, whatever the gateway's port is here. */
  public Pattern promised() {
    String text = String.join("\n", answer).stripTrailing();
    String quoted =
        Arrays.stream(text.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
    return Pattern.compile(quoted.replace(":6432/", ":\\E\\d+\\Q/"));
  }

  /** Types it, with these variables beside those that there are, and says what came back. */
  public String type(Path directory, Map<String, String> environment) {
    return run(directory, environment, command).stripTrailing();
  }

  /** What a line of bash prints, errors included. */
  public static String run(Path directory, Map<String, String> environment, String command) {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", command)
            .directory(directory.toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return printed;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("typing " + command, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while typing " + command, e);
    }
  }
}
