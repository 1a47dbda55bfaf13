package dev.anabranch.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BranchesPageTest {

  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
  private static final BranchesPage.Filter ALL = new BranchesPage.Filter("", "", "");

  /** As the API tells it; {@code b<a} is one that began from another. */
  private static BranchSeen branch(String text) {
    String[] parts = text.split("<", 2);
    Map<String, Object> branch =
        new HashMap<>(
            Map.of(
                "name",
                parts[0],
                "url",
                "postgresql://x@h:1/x",
                "forkLsn",
                "0/1",
                "forkTime",
                "2026-11-20T09:00:00Z",
                "state",
                parts[0].startsWith("s") ? "suspended" : "ready",
                "owner",
                parts[0].startsWith("o") ? "Ann" : ""));
    if (parts.length > 1) {
      branch.put("parent", parts[1]);
    }
    return ApiCalls.JSON.convertValue(branch, BranchSeen.class);
  }

  private static BranchesPage page(BranchesPage.Filter filter, String... branches) {
    return BranchesPage.of(
        Stream.of(branches).map(BranchesPageTest::branch).toList(), filter, List.of(), NOW);
  }

  private static List<String> drawn(BranchesPage page) {
    return page.lines().stream()
        .map(line ->
            line.branch().name()
                + " "
                + line.twig().depth()
                + line.twig().passing()
                + (line.twig().isLast() ? " last" : "")
                + (line.twig().hasChildren() ? " parent" : ""))
        .toList();
  }

  @Test
  void aBranchStandsBelowTheOneThatItBeganFrom() {
    assertThat(drawn(page(ALL, "d", "c<a", "a", "b<a", "e<b", "f<c", "g<gone")))
        .containsExactly(
            "a 0[] parent",
            "b 1[] parent",
            "e 2[0] last",
            "c 1[] last parent",
            "f 2[] last",
            "d 0[]",
            "g 0[] last");
  }

  @Test
  void whoseParentIsNotShownStandsByItself() {
    assertThat(drawn(page(new BranchesPage.Filter("x", "", ""), "ax", "b<ax", "cx<b")))
        .containsExactly("ax 0[]", "cx 0[] last");
  }

  @Test
  void statesAndOwnersCanBeChosen() {
    String[] all = {"one", "sleeping", "two"};
    BranchesPage page = page(new BranchesPage.Filter("", "suspended", ""), all);
    assertThat(page.states()).containsExactly("ready", "suspended");
    assertThat(page(new BranchesPage.Filter("none", "", ""), "b", "a").names())
        .as("what a new branch can begin from, whatever is shown")
        .containsExactly("a", "b");
    assertThat(page.owners()).containsExactly("Ann", "—");
    assertThat(drawn(page)).containsExactly("sleeping 0[] last");
    assertThat(drawn(page(new BranchesPage.Filter("", "", "Ann"), all)))
        .containsExactly("one 0[] last");
    assertThat(new BranchesPage.Filter("a&b", "ready", "—").path())
        .isEqualTo("/?q=a%26b&state=ready&owner=%E2%80%94");
  }
}
