package dev.anabranch.trials.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.trials.drive.Rows;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The oracle's own judgement: a mistake here would hide false holds, or invent them. */
class JudgeTest {

  private static final Query.Legal BAG = new Query.Legal.Bag();

  @Test
  void aBagIsTheSameInAnyOrder() {
    assertThat(Judge.right(BAG, rows("a", "b"), rows("b", "a"))).isTrue();
    assertThat(Judge.right(BAG, rows("a", "a"), rows("a", "b"))).isFalse();
    assertThat(Judge.right(BAG, rows("a", "a"), rows("a"))).isFalse();
  }

  @Test
  void theNullOfJsonIsNotNull() {
    assertThat(Judge.right(BAG, rows("null", null), rows(null, "null"))).isTrue();
    assertThat(Judge.right(BAG, rows("null", "null"), rows(null, "null"))).isFalse();
  }

  private static Rows rows(@Nullable String... values) {
    List<List<@Nullable String>> rows =
        Arrays.stream(values).<List<@Nullable String>>map(Arrays::asList).toList();
    return new Rows(List.of("jsonb"), List.of("doc"), rows);
  }
}
