package dev.anabranch.web;

/** The HTTP API's no, or that it gave no answer. */
final class ApiRefusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The branch sleeps, and looking does not wake it. */
  private static final String ASLEEP = "AB-675";

  private final int status;
  private final String code;

  /**
   * @param status of HTTP
   * @param code such as {@code AB-421}; may be empty
   * @param sentence what to know, and to do
   */
  ApiRefusal(int status, String code, String sentence) {
    super(sentence);
    this.status = status;
    this.code = code;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  boolean isOfSleeper() {
    return code.equals(ASLEEP);
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
