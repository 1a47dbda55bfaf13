package dev.anabranch.predicate.match;

/**
 * What a condition may come to: a set of SQL's three truth values. A set of one is known; a larger
 * one is doubt.
 *
 * <p>The connectives are Kleene's, lifted to sets, so doubt is carried through AND, OR and NOT and
 * never lost.
 */
public enum Truth {
  TRUE(1),
  FALSE(2),
  TRUE_OR_FALSE(3),
  NULL(4),
  TRUE_OR_NULL(5),
  FALSE_OR_NULL(6),
  ANY(7);

  private static final int T = 1;
  private static final int F = 2;
  private static final int N = 4;

  private static final Truth[] BY_SET = values();

  private final int set;

  Truth(int set) {
    this.set = set;
  }

  public static Truth of(boolean value) {
    return value ? TRUE : FALSE;
  }

  private static Truth ofSet(int set) {
    return BY_SET[set - 1];
  }

  /** Whether a row may pass a WHERE that came to this. */
  public boolean mayBeTrue() {
    return (set & T) != 0;
  }

  public Truth not() {
    return ofSet(((set & T) << 1) | ((set & F) >> 1) | (set & N));
  }

  public Truth and(Truth other) {
    int all = set | other.set;
    int result = set & other.set & T;
    result |= all & F;
    if (((set & N) != 0 && (other.set & (T | N)) != 0)
        || ((other.set & N) != 0 && (set & (T | N)) != 0)) {
      result |= N;
    }
    return ofSet(result);
  }

  public Truth or(Truth other) {
    return not().and(other.not()).not();
  }

  /**
   * {@code IS TRUE}, {@code IS NOT NULL} and the like: true for the values in the mask, false for
   * the others, never NULL.
   */
  Truth isOneOf(Truth wanted) {
    boolean may = (set & wanted.set) != 0;
    boolean mayNot = (set & ~wanted.set) != 0;
    return may && mayNot ? TRUE_OR_FALSE : of(may);
  }
}
