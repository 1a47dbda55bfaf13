package dev.anabranch.cli;

/** A command that could not be done: the one sentence for stderr, and how the process ends. */
final class CommandFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  CommandFailure(int exitCode, String sentence) {
    super(sentence);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }

  /** The message, which is always there. */
  String sentence() {
    return String.valueOf(getMessage());
  }
}
