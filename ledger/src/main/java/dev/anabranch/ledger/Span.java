package dev.anabranch.ledger;

/**
 * When something happened among everything that passed through the gateway to one branch: two ticks
 * of a counter that only grows.
 *
 * <p>If one span ends before another begins, the first is known to have finished before the second
 * started. Overlapping spans have no known order.
 *
 * @param begin taken before the first byte was forwarded to the branch
 * @param end taken after the last byte came back
 */
public record Span(long begin, long end) {

  public Span {
    if (begin > end) {
      throw new IllegalArgumentException(
          "a span that ends before it begins: " + begin + " > " + end);
    }
  }

  public boolean isBefore(Span other) {
    return end < other.begin;
  }
}
