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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Every story of {@code trials/stories}, told to a real server. {@code -Dstory=NAME,NAME} tells
 * some; {@code -Dstories.half=0} or {@code 1} every second one, for which {@code .ci/run} takes
 * turns by the day.
 */
@Tag("postgres")
final class StoriesTest {

  /** So many have their tables on main together, and their branches from one golden image. */
  private static final int TOLD_TOGETHER = 40;

  private static final int AT_A_TIME = 2;

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
    return ofHalf(stories).stream()
        .gather(Gatherers.windowFixed(TOLD_TOGETHER))
        .flatMap(together -> told(new Round(product, together)));
  }

  private static List<Story> ofHalf(List<Story> stories) {
    String half = System.getProperty("stories.half", "");
    return half.isEmpty()
        ? stories
        : IntStream.range(0, stories.size())
            .filter(place -> place % 2 == Integer.parseInt(half))
            .mapToObj(stories::get)
            .toList();
  }

  private static Stream<DynamicTest> told(Round round) {
    return round.stories().stream()
        .map(story ->
            DynamicTest.dynamicTest(
                story.name() + ": " + story.title(),
                () -> assertThat(round.tell(story)).isEmpty()));
  }

  /**
   * Stories that are told two at a time, each in a schema of its own, and then are taken off main.
   */
  private static final class Round {

    private final Map<Story, StoryTeller> tellers = new LinkedHashMap<>();
    private final Map<Story, Future<List<String>>> told = new LinkedHashMap<>();
    private int left;

    Round(Product product, List<Story> stories) {
      stories.forEach(story -> tellers.put(story, new StoryTeller(product, story)));
      left = stories.size();
    }

    List<Story> stories() {
      return List.copyOf(tellers.keySet());
    }

    /** What is otherwise than it says. */
    List<String> tell(Story story) throws Exception {
      if (told.isEmpty()) {
        begin();
      }
      try {
        return Objects.requireNonNull(told.get(story)).get();
      } finally {
        left--;
        if (left == 0) {
          for (StoryTeller one : tellers.values()) {
            one.clear();
          }
        }
      }
    }

    private void begin() {
      Map<Story, String> notLaid = lay();
      ExecutorService tellings = Executors.newFixedThreadPool(AT_A_TIME);
      tellers.forEach((story, teller) ->
          told.put(
              story,
              notLaid.containsKey(story)
                  ? CompletableFuture.completedFuture(List.of(notLaid.get(story)))
                  : tellings.submit(teller::tell)));
      tellings.shutdown();
    }

    /** All bases first, so that all branches come from one golden image. */
    private Map<Story, String> lay() {
      Map<Story, String> notLaid = new LinkedHashMap<>();
      List<StoryTeller> bases = new ArrayList<>();
      tellers.forEach((story, teller) -> {
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
      return notLaid;
    }
  }
}
