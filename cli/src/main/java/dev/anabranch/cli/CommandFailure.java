package dev.anabranch.cli;

/** A command that could not be done: the one sentence for stderr, and how the process ends. */
final class CommandFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int exitCode;
  private final String code;

  CommandFailure(int exitCode, String sentence) {
    this(exitCode, sentence, "");
  }

  /**
   * @param code the server's number of it, such as AB-421; may be empty
   */
  CommandFailure(int exitCode, String sentence, String code) {
    super(sentence);
    this.exitCode = exitCode;
    this.code = code;
  }

  String code() {
    return code;
  }

  int exitCode() {
    return exitCode;
  }

  /** The message, which is always there. */
  String sentence() {
    return String.valueOf(getMessage());
  }
}
