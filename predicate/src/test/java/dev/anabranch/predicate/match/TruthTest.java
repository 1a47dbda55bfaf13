package dev.anabranch.predicate.match;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TruthTest {

  private static final Set<Truth> KNOWN = EnumSet.of(Truth.TRUE, Truth.FALSE, Truth.NULL);

  @Test
  void doubtNeverLosesAValueThatAnyChoiceCouldGive() {
    for (Truth a : Truth.values()) {
      for (Truth b : Truth.values()) {
        for (Truth x : KNOWN) {
          for (Truth y : KNOWN) {
            if (contains(a, x) && contains(b, y)) {
              assertThat(contains(a.and(b), kleeneAnd(x, y))).as(a + " and " + b).isTrue();
              assertThat(contains(a.or(b), kleeneAnd(x.not(), y.not()).not()))
                  .as(a + " or " + b)
                  .isTrue();
              assertThat(contains(a.not(), x.not())).as("not " + a).isTrue();
            }
          }
        }
      }
    }
  }

  @Test
  void knownTruthsGiveKnownTruths() {
    for (Truth x : KNOWN) {
      for (Truth y : KNOWN) {
        assertThat(x.and(y)).isEqualTo(kleeneAnd(x, y));
      }
      assertThat(x.isOneOf(x)).isEqualTo(Truth.TRUE);
      assertThat(x.not().not()).isEqualTo(x);
    }
  }

  private static Truth kleeneAnd(Truth x, Truth y) {
    if (x == Truth.FALSE || y == Truth.FALSE) {
      return Truth.FALSE;
    }
    return x == Truth.NULL || y == Truth.NULL ? Truth.NULL : Truth.TRUE;
  }

  /** A set contains a value when asking for it alone may succeed. */
  private static boolean contains(Truth set, Truth value) {
    return set.isOneOf(value).mayBeTrue();
  }
}
