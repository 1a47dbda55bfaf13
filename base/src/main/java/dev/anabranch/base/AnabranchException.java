package dev.anabranch.base;

/**
 * A numbered failure with its one clear sentence, rendered alike at the command line, in HTTP and
 * on the wire.
 */
public final class AnabranchException extends RuntimeException {

  private final ErrorCode code;

  /**
   * @param details fill the places of {@link ErrorCode#sentence()}, in order
   */
  public AnabranchException(ErrorCode code, Object... details) {
    super(code.message(details));
    this.code = code;
  }

  public AnabranchException(ErrorCode code, Throwable cause, Object... details) {
    super(code.message(details), cause);
    this.code = code;
  }

  public ErrorCode code() {
    return code;
  }
}
