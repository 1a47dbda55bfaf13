package dev.anabranch.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PageSentenceTest {

  @Test
  void whatIsToBeTypedInATerminalIsLeftOut() {
    assertThat(
            PageSentence.of(
                "There is no branch 'x': `anabranch branch list` shows those there are."))
        .isEqualTo("There is no branch 'x'.");
    assertThat(
            PageSentence.of(
                "Fact a1 is another by now: it was 1. Look at it again with `anabranch facts ev`."))
        .isEqualTo("Fact a1 is another by now: it was 1.");
    assertThat(PageSentence.of("It can't be told (docs/verdicts.md)."))
        .isEqualTo("It can't be told.");
  }

  @Test
  void otherSentencesStayAsTheyAre() {
    for (String sentence :
        new String[] {
          "There is no page at /nothing/here.",
          "A value was typed for qty, and something else is chosen for it: choose “the value”.",
          "`anabranch up` is all.",
          ""
        }) {
      assertThat(PageSentence.of(sentence)).isEqualTo(sentence);
    }
  }
}
