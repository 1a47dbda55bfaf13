package dev.anabranch.gateway.relay;

import dev.anabranch.ledger.Task;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The trace that a statement belongs to, as sqlcommenter writes it into a comment: {@code
 * traceparent='00-<trace id>-<parent id>-<flags>'}, its values encoded as in a URL.
 */
final class TraceComment {

  private static final String KEY = "traceparent";
  private static final Pattern TRACE_PARENT =
      Pattern.compile(
          KEY
              + "(?:=|%3d)(?:'|%27|\\\\')?[0-9a-f]{2}(?:-|%2d)(?<trace>[0-9a-f]{32})(?:-|%2d)"
              + "[0-9a-f]{16}(?:-|%2d)[0-9a-f]{2}",
          Pattern.CASE_INSENSITIVE);
  private static final String NONE = "0".repeat(32);

  private TraceComment() {}

  /** The trace that a comment names; all zeros name none. */
  static Optional<Task.Traced> in(String comment) {
    if (!comment.contains(KEY)) {
      return Optional.empty();
    }
    Matcher found = TRACE_PARENT.matcher(comment);
    return found.find() && !found.group("trace").equals(NONE)
        ? Optional.of(new Task.Traced(found.group("trace").toLowerCase(Locale.ROOT)))
        : Optional.empty();
  }
}
