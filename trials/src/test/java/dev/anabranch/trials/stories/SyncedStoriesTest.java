package dev.anabranch.trials.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.trials.LiveServer;
import dev.anabranch.trials.drive.Product;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Stories in which the branch is synced after each chapter on it, before main moves. Main is as the
 * branch found it then, so that what a story says of its answers and of its work is as true
 * afterwards: an answer that comes along must not hold where the story says that it does not, and
 * no more may land. Where it is stricter, or is not synced, nobody is hurt.
 *
 * <p>{@code -Dstory=NAME,NAME} tells some, {@code -Dsynced.parts=6 -Dsynced.part=0} a sixth, and
 * without either every {@value #EVERY}th is told.
 */
@Tag("postgres")
final class SyncedStoriesTest {

  private static final int EVERY = 25;

  private static final Pattern HOLDS_FALSELY =
      Pattern.compile(
          ".* should be (?!proved by)(?!.*holds.* and is holds).* and is holds .*", Pattern.DOTALL);

  private static final Pattern LANDS_TOO_MUCH =
      Pattern.compile(
          "promotion should be (held|refused|nothing|held or refused) and is"
              + " .*\"outcome\":\"(landed|partial)\".*",
          Pattern.DOTALL);

  private final Product product = LiveServer.shared().product();
  private int synced;

  @Test
  void whatAStorySaysIsAsTrueAfterASync() throws IOException, SQLException {
    String wanted = System.getProperty("story", "");
    List<Story> all =
        StoryReader.readAll(
            Path.of(System.getProperty("anabranch.root", ".."), "trials", "stories"));
    int part = Integer.getInteger("synced.part", 0);
    int parts = wanted.isEmpty() ? Integer.getInteger("synced.parts", EVERY) : 1;
    List<Story> stories =
        IntStream.range(0, all.size())
            .filter(place -> place % parts == part)
            .mapToObj(all::get)
            .filter(story -> Arrays.stream(wanted.split(",", -1)).anyMatch(story.name()::contains))
            .toList();
    List<String> wrong = new ArrayList<>();
    for (Story story : stories) {
      wrong.addAll(tell(story));
    }
    assertThat(wrong).isEmpty();
    assertThat(synced).as("stories of which a branch was synced").isPositive();
  }

  /** What a story does later for the same task rests no more on what was left behind. */
  private static boolean keptItsPremises(StoryTeller teller) {
    return teller.leftBehind().stream().allMatch("not about data"::equals);
  }

  private List<String> tell(Story story) throws SQLException {
    StoryTeller teller = new StoryTeller(product, story).syncing();
    List<String> wrong = new ArrayList<>();
    List<String> otherwise = new ArrayList<>();
    try {
      teller.layBase();
      teller.createBranch(Product.Wish.now());
      for (String difference : teller.tell()) {
        boolean isWrong =
            HOLDS_FALSELY.matcher(difference).matches()
                || (keptItsPremises(teller)
                    && (LANDS_TOO_MUCH.matcher(difference).matches()
                        || difference.startsWith("main has")));
        (isWrong ? wrong : otherwise).add(story.name() + ": " + difference);
      }
    } catch (SQLException | RuntimeException e) {
      otherwise.add(story.name() + ": " + e);
    } finally {
      teller.clear();
    }
    synced += teller.notSynced().isEmpty() ? 1 : 0;
    System.out.println(
        story.name()
            + (teller.notSynced().isEmpty() ? ": synced" : ": not synced " + teller.notSynced())
            + (teller.leftBehind().isEmpty() ? "" : ", left " + teller.leftBehind()));
    otherwise.forEach(line -> System.out.println("  otherwise " + line));
    return wrong;
  }
}
