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
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every story of {@code trials/stories}, told to a real server. {@code -Dstory=NAME,NAME} tells
 * some.
 */
final class StoriesTest {

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
    Map<String, String> notLaid = layAll(product, stories);
    return stories.stream()
        .map(story ->
            DynamicTest.dynamicTest(
                story.name() + ": " + story.title(),
                () -> {
                  assertThat(notLaid).doesNotContainKey(story.name());
                  assertThat(new StoryTeller(product, story).tell()).isEmpty();
                }));
  }

  /**
   * All bases first, so that all branches come from one golden image; returns what could not be
   * laid, and why.
   */
  private static Map<String, String> layAll(Product product, List<Story> stories) {
    Map<String, String> notLaid = new LinkedHashMap<>();
    List<StoryTeller> laid = new ArrayList<>();
    for (Story story : stories) {
      StoryTeller teller = new StoryTeller(product, story);
      try {
        teller.layBase();
        laid.add(teller);
      } catch (SQLException e) {
        notLaid.put(story.name(), String.valueOf(e.getMessage()));
      }
    }
    boolean first = true;
    for (StoryTeller teller : laid) {
      teller.createBranch(first ? Product.Wish.now() : Product.Wish.latest());
      first = false;
    }
    return notLaid;
  }
}
