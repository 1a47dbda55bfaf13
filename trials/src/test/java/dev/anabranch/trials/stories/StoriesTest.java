package dev.anabranch.trials.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.trials.LiveServer;
import dev.anabranch.trials.drive.Product;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every story of {@code trials/stories}, told to a real server. {@code -Dstory=NAME,NAME} tells
 * some.
 */
final class StoriesTest {

  /** So many have their tables on main together, and their branches from one golden image. */
  private static final int TOLD_TOGETHER = 40;

  @TestFactory
  Stream<DynamicTest> everyStoryComesOutAsTold() throws IOException {
    Product product = LiveServer.shared().product();
    String wanted = System.getProperty("story", "");
    List<Story> stories =
        StoryReader.readAll(
                Path.of(System.getProperty("anabranch.root", ".."), "trials", "stories"))
            .stream()
            .filter(story -> Arrays.stream(wanted.split(",", -1)).anyMatch(story.name()::contains))
            .toList();
    return stories.stream()
        .gather(Gatherers.windowFixed(TOLD_TOGETHER))
        .flatMap(together -> told(new Round(product, together)));
  }

  private static Stream<DynamicTest> told(Round round) {
    return round.stories().stream()
        .map(story ->
            DynamicTest.dynamicTest(
                story.name() + ": " + story.title(),
                () -> assertThat(round.tell(story)).isEmpty()));
  }

  /** Stories that are told one after the other, and then are taken off main. */
  private static final class Round {

    private final Map<Story, StoryTeller> untold = new LinkedHashMap<>();
    private final List<StoryTeller> told = new ArrayList<>();
    private final Map<Story, String> notLaid = new LinkedHashMap<>();
    private boolean laid;

    Round(Product product, List<Story> stories) {
      stories.forEach(story -> untold.put(story, new StoryTeller(product, story)));
    }

    List<Story> stories() {
      return List.copyOf(untold.keySet());
    }

    /** What is otherwise than it says. */
    List<String> tell(Story story) throws SQLException {
      if (!laid) {
        lay();
        laid = true;
      }
      StoryTeller teller = Objects.requireNonNull(untold.remove(story));
      told.add(teller);
      try {
        String why = notLaid.get(story);
        return why == null ? teller.tell() : List.of(why);
      } finally {
        if (untold.isEmpty()) {
          for (StoryTeller one : told) {
            one.clear();
          }
        }
      }
    }

    /** All bases first, so that all branches come from one golden image. */
    private void lay() {
      List<StoryTeller> bases = new ArrayList<>();
      untold.forEach((story, teller) -> {
        try {
          teller.layBase();
          bases.add(teller);
        } catch (SQLException e) {
          notLaid.put(story, "its base is refused: " + e.getMessage());
        }
      });
      Product.Wish wish = Product.Wish.now();
      for (StoryTeller teller : bases) {
        teller.createBranch(wish);
        wish = Product.Wish.latest();
      }
    }
  }
}
