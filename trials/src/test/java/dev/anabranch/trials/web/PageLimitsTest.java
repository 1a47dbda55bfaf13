package dev.anabranch.trials.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.anabranch.trials.LiveServer;
import dev.anabranch.trials.drive.Product;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Pages of branches that sleep, or were other ones a moment ago, in browsers of all sizes. */
@Tag("postgres")
class PageLimitsTest {

  private static final int PHONE = 320;
  private static final int HALF = 640;
  private static final int HIGH = 700;
  private static final int TOO_LARGE = 1_100_000;

  private static Product product;
  private static Chromium chromium;

  @BeforeAll
  static void start() {
    chromium = Chromium.on(LiveServer.shared().product().address());
    product = LiveServer.shared().product();
  }

  @AfterAll
  static void stop() {
    if (chromium != null) {
      chromium.close();
    }
  }

  @AfterEach
  void nothingWasComplainedOf() {
    chromium.closePages();
    chromium.requireQuiet();
  }

  private static Page signedIn() {
    return chromium.open(product.token(), true);
  }

  private static Locator button(Page page, String text) {
    return page.locator("button:visible", new Page.LocatorOptions().setHasText(text));
  }

  private static String state(String branch) {
    return product
        .branches()
        .valueStream()
        .filter(one -> one.path("name").asString().equals(branch))
        .findFirst()
        .orElseThrow()
        .path("state")
        .asString();
  }

  @Test
  void aBranchThatSleepsIsNotWokenByLooking() throws Exception {
    Shop shop = Shop.open(product, "sleeper");
    Page page = signedIn();
    page.navigate("/branches/sleeper/review");
    assertThat(page.locator("h1")).hasText("1 of 3 units can land; 2 facts need you.");
    product.suspend("sleeper");
    assertThat(page.locator("#sleeping-notice")).containsText("The branch sleeps by now");
    Page reader = chromium.open(Optional.of(product.tokenThatLasts("read")), true);
    for (Page one : List.of(page, reader)) {
      for (String path : List.of("review", "units", "changes")) {
        one.navigate("/branches/sleeper/" + path);
        assertThat(one.locator("h1")).hasText("sleeper sleeps");
        assertThat(button(one, "Resume, and go on")).isVisible();
      }
      one.navigate("/branches/sleeper");
      assertThat(one.locator("main")).containsText("looking at it does not wake it");
      one.navigate("/branches/sleeper/confirm?what=reset");
      assertThat(one.locator("main")).containsText("3 units of its work are not on main.");
    }
    chromium.forgive(409);
    chromium.requireAccessible(page);
    assertThat(state("sleeper")).isEqualTo("suspended");
    reader.navigate("/branches/sleeper/units");
    button(reader, "Resume, and go on").click();
    assertThat(reader.locator("h1")).hasText("3 units of sleeper");
    assertThat(state("sleeper")).isEqualTo("ready");
    product.suspend("sleeper");
    page.navigate("/branches/sleeper/review");
    chromium.requireAccessible(page);
    button(page, "Resume, and go on").click();
    assertThat(page.locator("h1")).hasText("1 of 3 units can land; 2 facts need you.");
    product.suspend("sleeper");
    button(page, "Drop").first().click();
    assertThat(page.locator("h1")).hasText("1 of 3 units can land; 1 fact needs you.");
    shop.close();
  }

  @Test
  void onlyWhatWasConfirmedIsLost() throws Exception {
    Shop shop = Shop.open(product, "bound");
    Page page = signedIn();
    page.navigate("/branches/bound/confirm?what=reset");
    assertThat(page.locator("main")).containsText("3 units of its work are not on main.");
    shop.work("one more", "UPDATE bound.stock SET qty = 21 WHERE id = 2");
    button(page, "Reset bound").click();
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("Nothing was done");
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("3 units of its work");
    assertThat(page.locator("main ul")).containsText("4 units of its work are not on main.");
    chromium.requireAccessible(page);
    page.navigate("/branches/bound/confirm?what=delete");
    product.delete("bound");
    product.create("bound", Product.Wish.now());
    button(page, "Delete bound").click();
    chromium.forgive(409);
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("another branch of that name");
    assertThat(page.locator("main ul")).containsText("Nothing was committed on it.");
    button(page, "Delete bound").click();
    assertThat(page.locator("h2").first()).hasText("Deleted, can be brought back");
    shop.main("DROP SCHEMA bound CASCADE");
  }

  @Test
  void whatWasUndoneIsNotOnMain() throws Exception {
    Shop shop = Shop.open(product, "undone");
    Page page = signedIn();
    page.navigate("/branches/undone/review");
    button(page, "Land 1 unit").click();
    assertThat(page.locator("h1")).hasText("1 unit landed, 2 held.");
    button(page, "See what an undoing would do").click();
    button(page, "Undo 1 unit").click();
    assertThat(page.locator("h1")).hasText("1 unit undone.");
    page.navigate("/branches/undone/units?state=undone");
    assertThat(page.locator("article.unit .tag").first()).hasText("undone");
    assertThat(page.locator("article.unit")).containsText("only the branch has it");
    chromium.requireAccessible(page);
    page.navigate("/branches/undone/confirm?what=delete");
    assertThat(page.locator("main")).containsText("1 unit was on main and was taken back");
    page.navigate("/branches/undone/units?state=undone");
    page.getByText("undo the undoing").click();
    button(page, "See what an undoing would do").click();
    button(page, "Undo 1 unit").click();
    assertThat(page.locator("h1")).hasText("1 unit undone.");
    assertThat(shop.onMain("SELECT cents FROM undone.price WHERE id = 2")).containsExactly("950");
    page.navigate("/branches/undone/units");
    assertThat(page.locator("nav.filters")).containsText("on main 1");
    assertThat(page.locator("nav.filters")).containsText("undone 0");

    product.delete("undone");
    product.create("undone", Product.Wish.now());
    page.navigate("/branches/undone/receipts");
    assertThat(page.locator("main table")).containsText("of an earlier branch");
    page.locator("main table a").first().click();
    assertThat(page.locator(".crumbs")).containsText("an earlier branch of that name");
    chromium.requireAccessible(page);
    shop.close();
  }

  @Test
  void whereAllWasDroppedAndWhereAFactIsNoMoreThatIsSaid() throws Exception {
    Shop shop = Shop.open(product, "dropped");
    Page page = signedIn();
    page.navigate("/branches/dropped/review?fact=ffffffffff#fact-ffffffffff");
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("Fact ffffffffff is not here any more");
    button(page, "Land 1 unit").click();
    page.navigate("/branches/dropped/review");
    for (int left = 1; left >= 0; left--) {
      page.locator("article.fact.open button", new Page.LocatorOptions().setHasText("Drop"))
          .first()
          .click();
      assertThat(page.locator("article.fact.open")).hasCount(left);
    }
    assertThat(page.locator("h1")).hasText("All of 2 units were dropped: nothing is left to land.");
    assertThat(page.locator("main")).containsText("reset it or delete it");
    assertThat(page.getByRole(AriaRole.ALERT)).hasCount(0);
    chromium.requireAccessible(page);
    shop.close();
  }

  @Test
  void textsOfOthersTurnAndSqueezeNothing() throws Exception {
    product
        .main()
        .run(
            "CREATE TABLE turned (id int PRIMARY KEY, a text, b text)",
            "INSERT INTO turned VALUES (1, 'x', 'x'), (2, 'x', 'x')");
    product.create("turned", Product.Wish.now());
    Shop shop = new Shop(product, "turned");
    shop.work("read", "SELECT a, b FROM turned WHERE id = 2");
    shop.work("right", "UPDATE turned SET a = E'\\u202Elive', b = repeat('w', 2000) WHERE id = 1");
    shop.main(
        "UPDATE turned SET a = 'main' WHERE id = 1",
        "UPDATE turned SET a = 'x, x', b = '' WHERE id = 2");
    Page page = signedIn();
    for (String path : List.of("review", "changes?of=branch&table=public.turned", "")) {
      page.navigate("/branches/turned/" + path);
      assertThat(page.locator("main")).containsText(path.isEmpty() ? "turned" : "\\u202elive");
      assertThat(page.content()).doesNotContain("\u202e");
      assertThat(page.locator("main bdi").first()).hasCSS("unicode-bidi", "isolate");
    }
    page.navigate("/branches/turned/changes?of=branch&table=public.turned");
    Locator row = page.locator("table.cells tbody tr").first();
    assertThat(row).not().containsText("id: ");
    for (int cell = 0; cell < 2; cell++) {
      assertThat(row.locator("td, th").nth(cell).boundingBox().width).isGreaterThan(60);
    }
    page.navigate("/branches/turned");
    assertThat(page.locator("table.answers")).containsText("\"x, x\"");
    product.delete("turned");
    product.main().run("DROP TABLE turned");
  }

  @Test
  void aSmallScreenScrollsNoPageSideways() throws Exception {
    Shop shop = Shop.open(product, "small");
    Page page = signedIn();
    page.navigate("/branches/small/review");
    button(page, "Try it first").click();
    String receipt = URI.create(page.url()).getPath();
    for (int width : new int[] {PHONE, HALF}) {
      page.setViewportSize(width, HIGH);
      for (String path :
          List.of(
              "/",
              "/overview",
              "/branches/small",
              "/branches/small/review",
              "/branches/small/units",
              "/branches/small/changes?of=branch&table=small.stock",
              "/branches/small/receipts",
              "/branches/small/confirm?what=delete",
              receipt)) {
        page.navigate(path);
        assertThat(page.locator("h1")).isVisible();
        assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
            .as(path + " at " + width)
            .isLessThanOrEqualTo(width);
      }
    }
    page.setViewportSize(PHONE, HIGH);
    for (String path : List.of("/", "/branches/small", "/branches/small/review")) {
      page.navigate(path);
      chromium.requireAccessible(page);
    }
    shop.close();
  }

  @Test
  void aServerThatHangsIsNoticed() throws Exception {
    Shop shop = Shop.open(product, "hanging");
    Page page = signedIn();
    page.navigate("/branches/hanging/review");
    assertThat(page.locator("#stale")).isHidden();
    page.route("**/live**", route -> {});
    assertThat(page.locator("#stale")).isVisible();
    page.unroute("**/live**");
    assertThat(page.locator("#stale")).isHidden();
    chromium.forgiveLostConnections();
    shop.close();
  }

  @Test
  void whatIsTooLargeIsAPageToo() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> large =
          http.send(
              HttpRequest.newBuilder(product.address().resolve("/branches/nothing/review/decide"))
                  .header("Accept", "text/html")
                  .header("Sec-Fetch-Site", "same-origin")
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "fact=a&value%3Abig=" + "y".repeat(TOO_LARGE)))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(large.statusCode()).isEqualTo(413);
      assertThat(large.body()).contains("<h1>Not done</h1>", "larger than 1 MB");
    }
  }
}
