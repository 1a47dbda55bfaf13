package dev.anabranch.trials.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.cluster.Trees;
import dev.anabranch.server.Anabranch;
import dev.anabranch.server.settings.Settings;
import dev.anabranch.testkit.TemporaryPostgres;
import dev.anabranch.trials.drive.Product;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Stories have power: with a rule of soundness switched off, a story about it comes out otherwise.
 */
@Tag("postgres")
final class StoryTrapsTest {

  private static final AtomicReference<Traps> SPRUNG = new AtomicReference<>(Traps.NONE);
  private static Path home;
  private static Anabranch server;
  private static Product product;

  @BeforeAll
  static void start() throws IOException {
    home = TemporaryPostgres.temporaryDirectory("anabranch-stories-");
    server = new Anabranch(Settings.inDirectory(home.resolve("data")), step -> {}, SPRUNG::get);
    product = Product.of(server.start());
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    Trees.delete(home);
  }

  @ParameterizedTest
  @CsvSource({
    "AGAIN_TELLS_THE_SAME, what-it-returned-is-asked-about",
    "AGAIN_IS_AS_SEEN, who-saw-the-row-as-it-was-waits",
    "OPERATIONS_READ_NOTHING, a-sale-that-looks-first",
    "OPERATIONS_READ_NOTHING, an-amount-that-was-read-elsewhere",
    "COMBINED_IS_AS_ON_THE_BRANCH, a-stock-sold-on-both-sides",
    "EQUAL_SUMS_AGREE, seven-on-both-sides-was-seen",
    "EQUAL_SUMS_AGREE, seven-on-both-sides-seen-by-a-function",
    "EQUAL_SUMS_AGREE, mains-number-come-to-after-a-landing",
    "NOTHING_DONE_IS_NOTHING_SAID, what-an-operation-left-as-it-was",
    "SAME_AGAIN_IS_UNWRITTEN, a-value-that-was-there-is-written-again",
    "AGREED_FOR_GOOD, agreed-and-changed-once-more",
    "RENAMED_ROWS_ARE_NEW, ten-was-seen-under-a-new-key",
    "ACCEPTED_WITHOUT_WHAT_IT_SAW, accepted-and-the-row-that-it-saw-is-dropped",
    "EACH_ROW_ALONE, held-beside-mains-change-of-the-same-row",
    "WHAT_LANDED_STAYS, told-of-what-was-undone",
    "WHAT_LANDED_STAYS, told-of-what-landed-and-main-moved-since",
    "NOBODY_STOOD_IN_THE_WAY, a-trial-before-a-savepoint-in-work-that-lands",
    "CLOCK_STANDS_STILL, work-on-what-may-be-another-at-any-moment",
    "DAYS_BEGIN_IN_UTC, a-day-that-ends-at-another-midnight",
    "UNDONE_OVER_EDITS, half-a-transfer-is-not-undone",
    "UNDONE_OVER_EDITS, nine-again-is-the-later-promotions"
  })
  void aRuleSwitchedOffIsFoundOut(Trap off, String name) throws IOException, SQLException {
    Path stories = Path.of(System.getProperty("anabranch.root", ".."), "trials", "stories");
    Story story =
        StoryReader.readAll(stories).stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow();
    SPRUNG.set(Traps.of(off));
    StoryTeller teller = new StoryTeller(product, story);
    teller.layBase();
    teller.createBranch(Product.Wish.now());
    assertThat(teller.tell()).isNotEmpty();
  }
}
