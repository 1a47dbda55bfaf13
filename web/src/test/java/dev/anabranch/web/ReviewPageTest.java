package dev.anabranch.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReviewPageTest {

  private static final ReviewPage.Filter ALL = new ReviewPage.Filter("all", "all", "", 1);

  /** As the API tells it; every third fact is decided. */
  private static Promoted work(int landed, int held, int facts) {
    return ApiCalls.JSON.convertValue(
        Map.of(
            "branch",
            "alice",
            "asOf",
            "0/1",
            "plan",
            "p",
            "units",
            Map.of("total", landed + held, "landed", landed, "held", held, "dropped", 0),
            "facts",
            IntStream.range(0, facts).mapToObj(ReviewPageTest::fact).toList()),
        Promoted.class);
  }

  private static Map<String, Object> fact(int number) {
    Map<String, Object> fact =
        new java.util.HashMap<>(
            Map.of(
                "id",
                "f" + number,
                "kind",
                number % 2 == 0 ? "answer" : "conflict",
                "nature",
                "meaning",
                "sentence",
                "answer 1 was 2, is 3; to land what rests on it all the same, promote with --accept"
                    + " 1",
                "taskIds",
                List.of("t" + number % 2)));
    fact.put("advice", "; to land what rests on it all the same, promote with --accept 1");
    if (number % 3 == 0) {
      fact.put("decided", Map.of("choice", "drop", "who", "ann", "at", "now"));
    }
    return fact;
  }

  private static ReviewPage page(Promoted work, ReviewPage.Filter filter, Optional<String> fact) {
    return ReviewPage.of("alice", work, filter, fact, "", "");
  }

  @Test
  void whereAllWasDroppedNothingIsLeft() {
    Promoted work =
        ApiCalls.JSON.convertValue(
            Map.of(
                "branch", "a", "units", Map.of("total", 1, "landed", 0, "held", 0, "dropped", 1)),
            Promoted.class);
    ReviewPage page = page(work, ALL, Optional.empty());
    assertThat(page.isAllDropped()).isTrue();
    assertThat(page.headline()).isEqualTo("All of 1 unit was dropped: nothing is left to land.");
    assertThat(page(work(0, 0, 0), ALL, Optional.empty()).isAllDropped()).isFalse();
  }

  @Test
  void theFirstLineIsTheOutcome() {
    assertThat(page(work(28, 12, 2), ALL, Optional.empty()).headline())
        .isEqualTo("28 of 40 units can land; 1 fact needs you.");
    assertThat(page(work(40, 0, 0), ALL, Optional.empty()).headline())
        .isEqualTo("All of 40 units can land.");
    assertThat(page(work(0, 1, 3), ALL, Optional.empty()).headline())
        .isEqualTo("None of 1 unit can land; 2 facts need you.");
    assertThat(page(work(0, 0, 0), ALL, Optional.empty()).headline())
        .isEqualTo("There is nothing to land.");
  }

  @Test
  void aFactIsFoundOnItsPage() {
    ReviewPage page = page(work(1, 1, 1_000), ALL, Optional.of("f999"));
    assertThat(page.pages()).isEqualTo(20);
    assertThat(page.filter().page()).isEqualTo(20);
    assertThat(page.sections()).hasSize(1);
    assertThat(page.sections().getFirst().facts()).extracting(FactSeen::id).contains("f999");
  }

  @Test
  void aFilterTakesSomeAndAPageBeyondThemIsTheLast() {
    ReviewPage open =
        page(work(1, 1, 600), new ReviewPage.Filter("open", "conflict", "", 99), Optional.empty());
    assertThat(open.matching()).isEqualTo(200);
    assertThat(open.filter().page()).isEqualTo(4);
    assertThat(open.sections())
        .allSatisfy(section ->
            assertThat(section.facts())
                .allSatisfy(fact -> assertThat(fact.isOpen() && fact.isTrueConflict()).isTrue()));
  }

  @Test
  void whyAReviewIsAnotherIsTold() {
    Promoted before = work(1, 1, 2);
    var shown = Optional.of(ReviewsShown.Shown.of(before));
    assertThat(FactsMoved.between(shown, work(1, 1, 1)).why()).isEqualTo("Main has moved");
    assertThat(FactsMoved.between(shown, work(1, 2, 2)).why()).isEqualTo("The branch has gone on");
    Map<String, Object> decided = fact(1);
    decided.put("decided", Map.of("choice", "drop", "who", "bob", "at", "later"));
    Promoted after =
        ApiCalls.JSON.convertValue(
            Map.of(
                "branch",
                "alice",
                "asOf",
                "0/1",
                "units",
                Map.of("total", 2, "landed", 1, "held", 1, "dropped", 0),
                "facts",
                List.of(fact(0), decided)),
            Promoted.class);
    assertThat(FactsMoved.between(shown, after).why()).isEqualTo("Something was decided, by bob");
  }

  @Test
  void whatIsToBeTypedIsForTheCommandLine() {
    assertThat(work(1, 1, 1).facts().getFirst().plainSentence()).isEqualTo("Answer 1 was 2, is 3");
  }
}
