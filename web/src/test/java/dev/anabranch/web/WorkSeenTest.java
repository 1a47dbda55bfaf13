package dev.anabranch.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WorkSeenTest {

  private static String sentence(int left, int onMain, int undone, int dropped) {
    return new WorkSeen("a", "5eed", left, onMain, undone, dropped).sentence();
  }

  @Test
  void whatWouldBeLostIsSaid() {
    assertThat(sentence(0, 0, 0, 0)).isEqualTo("Nothing was committed on it.");
    assertThat(sentence(1, 5, 0, 0)).isEqualTo("1 unit of its work is not on main.");
    assertThat(sentence(2, 0, 1, 0))
        .isEqualTo(
            "2 units of its work are not on main. 1 unit was on main and was taken back, so only"
                + " the branch has it.");
    assertThat(sentence(0, 3, 0, 0)).isEqualTo("All of its work is on main.");
    assertThat(sentence(0, 3, 0, 1)).isEqualTo("All of its work is on main, or was dropped.");
    assertThat(sentence(0, 3, 2, 0))
        .isEqualTo(
            "All of its other work is on main. 2 units were on main and were taken back, so only"
                + " the branch has them.");
    assertThat(sentence(0, 0, 1, 0)).startsWith("1 unit was on main and was taken back");
  }
}
