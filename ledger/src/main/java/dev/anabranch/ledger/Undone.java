package dev.anabranch.ledger;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What of a transaction was rolled back to its savepoints while it went on. */
public sealed interface Undone {

  /**
   * All that was answered within these spans, each from the end of the SAVEPOINT to the end of the
   * ROLLBACK TO, was undone. Of two spans one contains the other, or they have nothing in common.
   */
  record Parts(List<Span> spans) implements Undone {
    public Parts {
      spans = List.copyOf(spans);
    }
  }

  /** Something was, and it is not known what. */
  record Unknown() implements Undone {}

  /** Nothing was. */
  static Undone nothing() {
    return new Parts(List.of());
  }

  String UNKNOWN = "?";

  /** As the ledger keeps it: {@code "12-15 12-20"}, or {@code "?"}. */
  default String text() {
    return switch (this) {
      case Parts(List<Span> spans) ->
          spans.stream()
              .map(span -> span.begin() + "-" + span.end())
              .collect(Collectors.joining(" "));
      case Unknown ignored -> UNKNOWN;
    };
  }

  /** The inverse of {@link #text}. */
  static Undone parse(String text) {
    return switch (text) {
      case "" -> nothing();
      case UNKNOWN -> new Unknown();
      default -> new Parts(Arrays.stream(text.split(" ", -1)).map(Undone::span).toList());
    };
  }

  private static Span span(String text) {
    int dash = text.indexOf('-');
    return new Span(
        Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
  }

  /** Whether what ended at this tick may have been undone. */
  default boolean mayHold(long end) {
    return switch (this) {
      case Parts(List<Span> spans) ->
          spans.stream().anyMatch(span -> span.begin() < end && end < span.end());
      case Unknown ignored -> true;
    };
  }
}
