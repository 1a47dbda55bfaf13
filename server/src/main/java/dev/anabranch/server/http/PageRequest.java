package dev.anabranch.server.http;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/**
 * Which of many answers are wanted. A page begins after the answer whose id is its cursor, so that
 * pages stay what they are while answers are added.
 *
 * @param limit how many at most; empty: all
 * @param after the id of the last answer of the page before
 * @param verdicts those of these verdicts; empty: of any
 */
record PageRequest(Optional<Integer> limit, Optional<Long> after, Set<String> verdicts) {

  static final int LARGEST = 10_000;

  private static final List<String> VERDICTS = List.of("holds", "changed", "undecided");

  /** Reads {@code ?verdict=&limit=&cursor=}. */
  static PageRequest ofVerdicts(Context context) {
    Set<String> verdicts = new TreeSet<>(context.queryParams("verdict"));
    verdicts.stream()
        .filter(verdict -> !VERDICTS.contains(verdict))
        .findFirst()
        .ifPresent(verdict -> {
          throw invalid("'" + verdict + "' is no verdict: say changed, undecided or holds.");
        });
    return new PageRequest(limit(context), cursor(context), verdicts);
  }

  /** Reads {@code ?limit=&cursor=}. */
  static PageRequest ofAnswers(Context context) {
    return new PageRequest(limit(context), cursor(context), Set.of());
  }

  /** Whether less than all may be wanted. */
  boolean isPaged() {
    return limit.isPresent() || after.isPresent();
  }

  private static Optional<Integer> limit(Context context) {
    return parameter(context, "limit")
        .map(text -> {
          try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= LARGEST) {
              return limit;
            }
          } catch (NumberFormatException e) {
            // falls through to the sentence below, which repeats the text
          }
          throw invalid(
              "The limit '" + text + "' must be a whole number from 1 to " + LARGEST + ".");
        });
  }

  private static Optional<Long> cursor(Context context) {
    return parameter(context, "cursor")
        .map(text -> {
          try {
            long after = Long.parseLong(text);
            if (after >= 0) {
              return after;
            }
          } catch (NumberFormatException e) {
            // falls through to the sentence below, which repeats the text
          }
          throw invalid(
              "The cursor '" + text + "' is none: give the nextCursor of a page, as it is.");
        });
  }

  private static Optional<String> parameter(Context context, String name) {
    return Optional.ofNullable(context.queryParam(name));
  }

  private static AnabranchException invalid(String sentence) {
    return new AnabranchException(ErrorCode.REQUEST_INVALID, sentence);
  }

  /**
   * The answers of one page.
   *
   * @param nextCursor where the next one begins; empty when there is none
   */
  record Page<T>(List<T> answers, Optional<String> nextCursor) {}

  /**
   * @param all those that are wanted, in the order of their ids
   */
  <T> Page<T> of(List<T> all, ToLongFunction<T> id) {
    List<T> left =
        all.stream().filter(one -> after.isEmpty() || id.applyAsLong(one) > after.get()).toList();
    int most = limit.orElse(left.size());
    if (left.size() <= most) {
      return new Page<>(left, Optional.empty());
    }
    List<T> page = left.subList(0, most);
    return new Page<>(page, Optional.of(Long.toString(id.applyAsLong(page.getLast()))));
  }
}
