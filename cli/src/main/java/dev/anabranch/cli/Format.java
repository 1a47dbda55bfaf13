package dev.anabranch.cli;

import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.Option;

/** The option that every command takes. */
final class Format {

  /** For programs, or for people. */
  enum Kind {
    JSON,
    TEXT
  }

  /** The kinds as people type them, for completion. */
  static final class Typed implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("json", "text").iterator();
    }
  }

  @Option(
      names = "--format",
      paramLabel = "json|text",
      completionCandidates = Typed.class,
      defaultValue = "text",
      description =
          "What to print: json for programs, text for people (default: ${DEFAULT-VALUE}).")
  private Kind kind = Kind.TEXT;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and exit.")
  private boolean helpAsked;

  boolean isJson() {
    return kind == Kind.JSON;
  }

  boolean isHelp() {
    return helpAsked;
  }
}
