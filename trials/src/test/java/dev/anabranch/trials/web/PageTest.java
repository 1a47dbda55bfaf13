package dev.anabranch.trials.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.anabranch.trials.LiveServer;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every page in a real browser, before a real server on real Postgres. */
@Tag("postgres")
class PageTest {

  private static final Path IMAGES =
      Path.of(System.getProperty("anabranch.root"), "docs", "images");
  private static final int MANY = 1_000;

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

  private static void picture(Page page, String name) {
    if (Boolean.getBoolean("anabranch.docs.write")) {
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
      page.screenshot(
          new Page.ScreenshotOptions().setPath(IMAGES.resolve(name + ".png")).setFullPage(true));
    }
  }

  private static Locator button(Page page, String text) {
    return page.locator("button:visible", new Page.LocatorOptions().setHasText(text));
  }

  private static Locator fact(Page page, String words) {
    return page.locator("article.fact", new Page.LocatorOptions().setHasText(words));
  }

  @Test
  void whoeverHasNoTokenIsAskedForOne() {
    Page page = chromium.open(Optional.empty(), true);
    page.navigate("/overview");
    chromium.forgive(401);
    assertThat(page.locator("h1")).hasText("Sign in");
    chromium.requireAccessible(page);
    page.getByLabel("Token").fill("anab_none");
    page.locator("main button").click();
    chromium.forgive(401);
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("The token is refused");
    page.getByLabel("Token").fill(product.token().orElseThrow());
    page.locator("main button").click();
    assertThat(page.locator("h1")).hasText("Overview");
    assertThat(page.locator("figure svg polyline").first()).isAttached();
    assertThat(page.locator("#desc-mirrorLag")).containsText("in the last hour between");
    chromium.requireAccessible(page);
    page.getByText("The last hour as a table").click();
    assertThat(page.locator("details tbody tr").first()).isVisible();
    button(page, "Sign out").click();
    assertThat(page.locator("h1")).hasText("Sign in");
    page.navigate("/");
    chromium.forgive(401);
    assertThat(page.locator("h1")).hasText("Sign in");
  }

  @Test
  void aLinkOnAPageOfOthersFindsTheCookieAgain() throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(product.address().resolve("/overview?a=b"));
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          http.send(
              request.header("Sec-Fetch-Site", "cross-site").build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.body()).contains("http-equiv=\"refresh\"");
      assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
          .contains("default-src 'none'")
          .contains("frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(answer.headers().firstValue("X-Frame-Options")).hasValue("DENY");
    }
  }

  @Test
  void factsAreDecidedTheRestLandsAndIsUndone() throws Exception {
    Shop shop = Shop.open(product, "shop");
    Page page = signedIn();
    page.navigate("/branches/shop");
    assertThat(page.locator("h1")).containsText("shop");
    assertThat(page.locator("table.answers")).containsText("SELECT count(*) FROM shop.shelf");
    assertThat(page.locator(".timeline circle")).not().hasCount(0);
    assertThat(page.locator(".timeline .commit")).not().hasCount(0);
    chromium.requireAccessible(page);
    picture(page, "branch");
    page.getByText("Connect", new Page.GetByTextOptions().setExact(true)).click();
    assertThat(page.locator(".connect")).containsText("jdbc:postgresql://127.0.0.1");
    page.locator("nav.filters a", new Page.LocatorOptions().setHasText("changed")).click();
    assertThat(page.locator("table.answers .tag").first()).hasText("changed");
    page.locator("main a.button", new Page.LocatorOptions().setHasText("Changes")).click();
    page.getByText("shop.stock").click();
    assertThat(page.locator("table.cells")).containsText("qty: 10 → 11, place: Oslo → Rome");
    page.getByText("main's", new Page.GetByTextOptions().setExact(true)).click();
    page.getByText("shop.shelf").click();
    assertThat(page.locator("table.cells")).containsText("id=3, filled=f");
    chromium.requireAccessible(page);
    page.navigate("/branches/shop");
    page.locator("main a.button", new Page.LocatorOptions().setHasText("Units")).click();
    assertThat(page.locator("h1")).hasText("3 units of shop");
    Locator pallets =
        page.locator("section.task", new Page.LocatorOptions().setHasText("order pallets"));
    assertThat(pallets).containsText("SELECT count(*) FROM shop.shelf");
    assertThat(pallets).containsText("shop.note 1 inserted");
    assertThat(pallets.locator(".tag").first()).hasText("held");
    chromium.requireAccessible(page);
    picture(page, "units");
    pallets.locator("a", new Locator.LocatorOptions().setHasText("shop.note")).click();
    assertThat(page.locator("table.cells tbody tr")).hasCount(1);
    page.goBack();
    page.locator("nav.filters a", new Page.LocatorOptions().setHasText("would land 1")).click();
    assertThat(page.locator("article.unit")).hasCount(1);
    page.goBack();
    pallets.locator("a", new Locator.LocatorOptions().setHasText("held by fact")).click();
    assertThat(page.locator("article.fact:focus")).containsText("insert in shop.shelf: id=3");
    product.create(
        "shop-prices",
        new Product.Wish(Optional.empty(), Optional.of("shop"), Optional.empty(), false));
    page.navigate("/");
    assertThat(page.locator("#branch-shop")).containsText("1 changed");
    assertThat(page.locator("#review-shop")).containsText("2 facts");
    assertThat(page.locator("#branch-shop-prices td.n").first()).containsText("B");
    picture(page, "branches");
    product.delete("shop-prices");
    page.locator("#review-shop").click();
    assertThat(page.locator("h1")).hasText("1 of 3 units can land; 2 facts need you.");
    chromium.requireAccessible(page);
    assertThat(fact(page, "pallets")).hasCount(0);
    Locator count = fact(page, "Answer ");
    assertThat(count.locator(".wasnow")).containsText("2");
    assertThat(count).containsText("insert in shop.shelf: id=3");
    Locator conflict = fact(page, "the branch and main both changed it");
    assertThat(conflict.locator("table.cells")).containsText("Rome");
    picture(page, "review");

    page.keyboard().press("j");
    page.keyboard().press("j");
    assertThat(page.locator("article.fact:focus")).hasCount(1);
    page.keyboard().press("k");

    page.locator("form.who input[name=who]").fill("Ann <b>");
    page.locator("form.who button").click();
    assertThat(page.locator("form.who input[name=who]")).hasValue("Ann <b>");

    count.getByLabel("why").fill("three is as good");
    count.getByLabel("why").press("Enter");
    assertThat(count.locator("button", new Locator.LocatorOptions().setHasText("Accept")))
        .isVisible();
    assertThat(page.locator("h1")).hasText("1 of 3 units can land; 2 facts need you.");
    count.locator("button", new Locator.LocatorOptions().setHasText("Accept")).click();
    assertThat(page.locator("h1")).hasText("2 of 3 units can land; 1 fact needs you.");
    assertThat(fact(page, "three is as good"))
        .containsText("accept, by Ann <b>: “three is as good”");
    fact(page, "three is as good")
        .locator("button", new Locator.LocatorOptions().setHasText("Take back"))
        .click();
    assertThat(page.locator("h1")).hasText("1 of 3 units can land; 2 facts need you.");

    conflict.getByLabel("A value for qty").fill("14");
    conflict.locator("button", new Locator.LocatorOptions().setHasText("Take the cells")).click();
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("A value was typed for qty");
    conflict.getByLabel("What place is to be").selectOption("branch");
    conflict.locator("button", new Locator.LocatorOptions().setHasText("Take the cells")).click();
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("say also what is to be of qty");
    assertThat(conflict.locator(".said")).containsText("place=branch, by Ann <b>");
    assertThat(conflict.getByLabel("What place is to be")).hasValue("branch");
    conflict.locator("button", new Locator.LocatorOptions().setHasText("Take back")).click();
    assertThat(conflict.getByLabel("What place is to be")).hasValue("");
    conflict.getByLabel("What qty is to be").selectOption("value");
    conflict.getByLabel("A value for qty").fill("fifteen");
    conflict.getByLabel("What place is to be").selectOption("branch");
    conflict.locator("button", new Locator.LocatorOptions().setHasText("Take the cells")).click();
    assertThat(fact(page, "invalid input syntax for type integer")).hasCount(1);
    fact(page, "value qty=fifteen")
        .locator("button", new Locator.LocatorOptions().setHasText("Take back"))
        .click();
    conflict.getByLabel("What qty is to be").selectOption("value");
    conflict.getByLabel("A value for qty").fill("15");
    conflict.getByLabel("What place is to be").selectOption("branch");
    conflict.locator("button", new Locator.LocatorOptions().setHasText("Take the cells")).click();
    assertThat(page.locator("h1")).hasText("2 of 3 units can land; 1 fact needs you.");
    assertThat(fact(page, "both changed it").locator(".said")).containsText("qty=15");
    page.locator("nav.filters a", new Page.LocatorOptions().setHasText("decided")).click();
    assertThat(page.locator("article.fact")).hasCount(1);

    button(page, "Try it first").click();
    assertThat(page.locator("h1")).hasText("2 units would be landed, 1 held.");
    assertThat(page.locator("main")).containsText("What would be written");
    chromium.requireAccessible(page);
    page.getByText("Back to the review").click();
    button(page, "Land 2 units").click();
    assertThat(page.locator("h1")).hasText("2 units landed, 1 held.");
    assertThat(shop.onMain("SELECT qty || place FROM shop.stock WHERE id = 1"))
        .containsExactly("15Rome");
    chromium.requireAccessible(page);
    picture(page, "receipt");

    shop.main("UPDATE shop.price SET cents = 999 WHERE id = 2");
    button(page, "See what an undoing would do").click();
    assertThat(page.locator("h1")).hasText("1 of 2 units can be undone; 1 stays on main.");
    chromium.requireAccessible(page);
    picture(page, "undo");
    button(page, "Undo 1 unit").click();
    assertThat(page.locator("h1")).hasText("1 unit undone, 1 stay.");
    assertThat(shop.onMain("SELECT qty || place FROM shop.stock WHERE id = 1"))
        .containsExactly("12Lima");
    page.getByText("Receipts", new Page.GetByTextOptions().setExact(true)).click();
    assertThat(page.locator("main table")).containsText("undoing");
    chromium.requireAccessible(page);
    shop.close();
  }

  @Test
  void anOpenPageIsToldThatMainHasMovedAndAStalePlanWritesNothing() throws Exception {
    Shop shop = Shop.open(product, "moving");
    Page page = signedIn();
    page.navigate("/branches/moving/review");
    assertThat(page.locator("h1")).hasText("1 of 3 units can land; 2 facts need you.");
    assertThat(page.locator("#moved")).isEmpty();
    shop.main("UPDATE moving.shelf SET filled = true WHERE id = 3");
    assertThat(page.locator("#moved-notice")).containsText("Main has moved");
    button(page, "Land 1 unit").click();
    chromium.forgive(409);
    assertThat(page.locator("h1")).hasText("Nothing was written: it is another plan by now.");
    assertThat(page.locator("main table")).containsText("moving.note id=1");
    chromium.requireAccessible(page);
    assertThat(shop.onMain("SELECT cents FROM moving.price WHERE id = 2")).containsExactly("900");
    page.getByText("Review the plan as it is now").click();
    assertThat(page.locator("h1")).hasText("2 of 3 units can land; 1 fact needs you.");

    Locator conflict = fact(page, "both changed it");
    shop.main("UPDATE moving.stock SET qty = 13 WHERE id = 1");
    conflict.locator("button", new Locator.LocatorOptions().setHasText("Take main's")).click();
    chromium.forgive(409);
    assertThat(page.locator(".notice.bad")).containsText("Nothing was decided");
    assertThat(fact(page, "both changed it").locator("table.cells")).containsText("13");
    fact(page, "both changed it").locator("a.anchor").click();
    assertThat(page.locator("article.fact:target")).hasCount(1);

    product.delete("moving");
    shop.main("DROP SCHEMA moving CASCADE");
    assertThat(page.locator("#moved-notice")).containsText("the branch was deleted");
    button(page, "Try it first").click();
    chromium.forgive(404);
    assertThat(page.locator(".notice.bad")).containsText("There is no branch 'moving'");
  }

  @Test
  void tenReviewsAreOpenInOneBrowserAndAreToldOfADecision() throws Exception {
    Shop shop = Shop.open(product, "crowd");
    Page first = signedIn();
    first.navigate("/branches/crowd/review");
    Page last = first;
    for (int i = 0; i < 9; i++) {
      last = first.context().newPage();
      last.navigate("/branches/crowd/review");
      assertThat(last.locator("h1")).hasText("1 of 3 units can land; 2 facts need you.");
    }
    fact(last, "Answer ")
        .locator("button", new Locator.LocatorOptions().setHasText("Drop"))
        .click();
    assertThat(last.locator("h1")).hasText("1 of 3 units can land; 1 fact needs you.");
    first.bringToFront();
    assertThat(first.locator("#moved-notice")).containsText("Something was decided, by 127.0.0.1");
    assertThat(last.locator("#moved")).isEmpty();
    first.navigate("/nothing/here");
    chromium.forgive(404);
    assertThat(first.getByRole(AriaRole.ALERT)).containsText("There is no page at /nothing/here");
    shop.close();
  }

  @Test
  void cellsThatDifferAreSeenToDiffer() throws Exception {
    product
        .main()
        .run(
            "CREATE TABLE alike (id int PRIMARY KEY, a text, b text, c text, d text)",
            "INSERT INTO alike VALUES (1, 'x', 'x', 'x', 'x')");
    product.create("alike", Product.Wish.now());
    Shop shop = new Shop(product, "alike");
    shop.work(
        "fill",
        "UPDATE alike SET a = NULL, b = 'a  b', c = repeat('y', 5000) || 'mine', d = E'q\\x01'");
    shop.main("UPDATE alike SET a = 'NULL', b = 'a b', c = repeat('y', 5000) || 'other', d = 'q'");
    Page page = signedIn();
    page.navigate("/branches/alike/review");
    Locator rows = fact(page, "both changed it").locator("table.cells tbody tr");
    assertThat(rows.nth(0).locator(".none")).hasCount(1);
    assertThat(rows.nth(0).locator("td").nth(2).locator(".cell")).hasText("NULL");
    assertThat(rows.nth(1).locator(".cell").nth(1)).hasCSS("white-space", "pre-wrap");
    assertThat(rows.nth(2)).containsText("mine");
    assertThat(rows.nth(2)).containsText("(4,800 characters before)");
    assertThat(rows.nth(3)).containsText("q␁");
    chromium.requireAccessible(page);
    product.delete("alike");
    product.main().run("DROP TABLE alike");
  }

  @Test
  void whatTheClockMayChangeSaysFromWhen() throws Exception {
    Shop shop = Shop.open(product, "clocked");
    try (Connection branch = product.branch("clocked").connect()) {
      Sql.run(branch, "SET timezone = 'UTC'");
      Sql.ask(branch, "SELECT count(*) FROM clocked.stock WHERE current_date < '2100-01-01'");
    }
    Page page = signedIn();
    page.navigate("/branches/clocked");
    assertThat(page.locator("table.answers"))
        .containsText(Pattern.compile("can change on its own from \\d+ \\w+ \\d+ 00:00 UTC"));
    chromium.requireAccessible(page);
    shop.close();
  }

  @Test
  void everythingButNewsAndKeysWorksWithoutScripts() throws Exception {
    Shop shop = Shop.open(product, "plain");
    Page page = chromium.open(product.token(), false);
    page.navigate("/");
    page.getByLabel("search").fill("plai");
    button(page, "Search").click();
    assertThat(page.locator("#branches tbody tr")).hasCount(1);
    page.locator("#to-plain").click();
    assertThat(page.locator("table.answers")).containsText("SELECT count(*)");
    page.navigate("/branches/plain/units");
    assertThat(page.locator("article.unit")).hasCount(3);
    page.navigate("/overview");
    assertThat(page.locator("figure svg")).not().hasCount(0);
    Page second = chromium.open(product.token(), false);
    for (Page one : List.of(page, second)) {
      one.navigate("/branches/plain/review");
      assertThat(one.locator("h1")).hasText("1 of 3 units can land; 2 facts need you.");
    }
    fact(page, "Answer ")
        .locator("button", new Locator.LocatorOptions().setHasText("Drop"))
        .click();
    assertThat(page.locator("h1")).hasText("1 of 3 units can land; 1 fact needs you.");
    fact(second, "Answer ")
        .locator("button", new Locator.LocatorOptions().setHasText("Accept"))
        .click();
    chromium.forgive(409);
    assertThat(second.locator(".notice.bad")).containsText("meanwhile 127.0.0.1 has decided");
    assertThat(fact(second, "Answer ").locator(".said")).containsText("drop, by 127.0.0.1");
    fact(page, "both changed it")
        .locator("button", new Locator.LocatorOptions().setHasText("Take the branch's"))
        .click();
    assertThat(page.locator("h1")).hasText("2 of 3 units can land.");
    button(page, "Land 2 units").click();
    assertThat(page.locator("h1")).hasText("2 units landed, 1 dropped.");
    assertThat(shop.onMain("SELECT qty || place FROM plain.stock WHERE id = 1"))
        .containsExactly("11Rome");
    shop.close();
  }

  @Test
  void markupInDataIsText() throws Exception {
    String markup = "<img src=x onerror=alert(1)>\"'</script><script>alert(2)</script>";
    product
        .main()
        .run(
            "CREATE TABLE markup (id int PRIMARY KEY, line text)",
            "INSERT INTO markup VALUES (1, 'a')");
    product.create("markup", Product.Wish.now());
    Shop shop = new Shop(product, "markup");
    String quoted = "'" + markup.replace("'", "''") + "'";
    shop.work(
        "</script>" + markup.substring(0, 20),
        "UPDATE markup SET line = " + quoted + " WHERE id = 1");
    shop.main("UPDATE markup SET line = " + quoted + " || 'main' WHERE id = 1");
    Page page = signedIn();
    page.onDialog(dialog -> {
      throw new AssertionError("a script of the data ran: " + dialog.message());
    });
    for (String path : List.of("/branches/markup/review", "/branches/markup")) {
      page.navigate(path);
      assertThat(page.locator("main")).containsText("<img src=x onerror=alert(1)>");
      assertThat(page.locator("main img")).hasCount(0);
      assertThat(page.locator("main script")).hasCount(0);
    }
    page.navigate("/?q=" + URLEncoder.encode(markup, StandardCharsets.UTF_8));
    assertThat(page.locator("main img")).hasCount(0);
    product.delete("markup");
    product.main().run("DROP TABLE markup");
  }

  @Test
  void whatIsHugeIsCutAndWhatIsBinaryIsText() throws Exception {
    product
        .main()
        .run(
            "CREATE TABLE huge (id int PRIMARY KEY, line text, raw bytea)",
            "INSERT INTO huge VALUES (1, 'a', '\\x00ff')");
    product.create("huge", Product.Wish.now());
    Shop shop = new Shop(product, "huge");
    shop.work("read", "SELECT line, raw FROM huge");
    shop.work(
        "grow", "UPDATE huge SET line = repeat('x', 1048576), raw = '\\x0001fe' WHERE id = 1");
    shop.main("UPDATE huge SET line = repeat('y', 1048576), raw = '\\xff00' WHERE id = 1");
    Page page = signedIn();
    page.navigate("/branches/huge/review");
    assertThat(fact(page, "both changed it").locator("table.cells"))
        .containsText("1,046,576 more characters");
    assertThat(fact(page, "both changed it").locator("table.cells")).containsText("\\x0001fe");
    for (String path :
        List.of("review", "units", "changes?of=branch&table=public.huge", "receipts", "")) {
      page.navigate("/branches/huge/" + path);
      assertThat(page.locator("h1")).isVisible();
      assertThat(page.content().length()).as(path).isLessThan(100_000);
    }
    product.delete("huge");
    product.main().run("DROP TABLE huge");
  }

  @Test
  void aPageThatIsOpenOverARestartGoesOn() throws Exception {
    Shop shop = Shop.open(product, "lasting");
    Page kept = chromium.open(Optional.of(product.tokenThatLasts("land")), true);
    Page local = signedIn();
    for (Page one : List.of(kept, local)) {
      one.navigate("/branches/lasting/review");
      assertThat(one.locator("h1")).hasText("1 of 3 units can land; 2 facts need you.");
    }
    LiveServer.shared().stop();
    assertThat(kept.locator("#stale")).isVisible();
    LiveServer.shared().startAgain();
    chromium.forgiveLostConnections();
    chromium.forgive(401);
    button(local, "Land 1 unit").click();
    assertThat(local.getByRole(AriaRole.ALERT)).containsText("Nothing was done");
    local.getByLabel("Token").fill(product.token().orElseThrow());
    local.locator("main button").click();
    assertThat(local.locator("h1")).hasText("1 of 3 units can land; 2 facts need you.");
    assertThat(shop.onMain("SELECT cents FROM lasting.price WHERE id = 2")).containsExactly("900");
    assertThat(kept.locator("#stale")).isHidden();
    shop.main("UPDATE lasting.shelf SET filled = true WHERE id = 3");
    assertThat(kept.locator("#moved-notice")).containsText("Main has moved");
    shop.close();
  }

  @Test
  void branchesAreMadeSearchedPutToSleepResetAndDeleted() {
    Page page = signedIn();
    page.navigate("/");
    page.getByLabel("name").fill("web-made");
    page.getByLabel("lives for").selectOption("1d");
    button(page, "Create").click();
    assertThat(page.locator("h1")).containsText("web-made");
    page.navigate("/");
    page.getByLabel("name").fill("web-child");
    page.locator("select[name=from]").selectOption("web-made");
    button(page, "Create").click();
    assertThat(page.locator(".sub")).containsText("of web-made at");
    page.navigate("/");
    chromium.requireAccessible(page);
    assertThat(page.locator("#branch-web-child svg.tree line")).hasCount(2);
    page.getByLabel("search").pressSequentially("web-ch");
    assertThat(page.locator("#branches tbody tr")).hasCount(1);
    assertThat(page).hasURL(Pattern.compile(".*q=web-ch.*"));
    page.navigate("/?q=web-");
    product.check("web-made");
    assertThat(page.locator("#branch-web-made")).containsText("none just now");
    assertThat(page.locator("#branch-web-made td.n").first()).containsText("B");
    page.getByLabel("state").selectOption("ready");
    assertThat(page.locator("#branches tbody tr")).hasCount(2);
    assertThat(page).hasURL(Pattern.compile(".*state=ready.*"));

    page.navigate("/branches/web-child");
    confirmed(page, "Suspend", "web-child");
    assertThat(page.locator("h1 .tag")).hasText("suspended");
    button(page, "Resume").click();
    assertThat(page.locator("h1 .tag")).hasText("ready");
    page.navigate("/branches/web-made/changes");
    assertThat(page.locator("main")).containsText("No rows.");
    chromium.requireAccessible(page);
    page.navigate("/branches/web-made/confirm?what=delete");
    assertThat(page.locator("main")).containsText("1 began from it");
    page.getByLabel("with all that began from it").check();
    button(page, "Delete web-made").click();
    assertThat(page.locator("h2").first()).hasText("Deleted, can be brought back");
    page.locator("li", new Page.LocatorOptions().setHasText("web-made")).locator("button").click();
    confirmed(page, "Reset", "web-made");
    confirmed(page, "Sync", "web-made");
    page.navigate("/branches/nothing-here");
    chromium.forgive(404);
    assertThat(page.locator(".notice.bad")).containsText("There is no branch 'nothing-here'");
    product.delete("web-made");
    product.delete("web-child");
  }

  /** What is asked back is done. */
  private static void confirmed(Page page, String what, String branch) {
    page.locator("main a.button", new Page.LocatorOptions().setHasText(what)).click();
    assertThat(page.locator("h1")).hasText(what + " " + branch + "?");
    chromium.requireAccessible(page);
    button(page, what + " " + branch).click();
    assertThat(page.locator("h1")).hasText(Pattern.compile("^" + branch + ".*"));
  }

  @Test
  void aThousandFactsComeInPages() throws Exception {
    product
        .main()
        .run(
            "CREATE TABLE many (id int PRIMARY KEY, n int)",
            "INSERT INTO many SELECT i, 0 FROM generate_series(1, " + MANY + ") i");
    product.create("many", Product.Wish.now());
    Shop shop = new Shop(product, "many");
    shop.work("count all", "UPDATE many SET n = 1");
    shop.main("UPDATE many SET n = 2");
    Page page = signedIn();
    page.navigate("/branches/many/review?kind=conflict");
    assertThat(page.locator("article.fact")).hasCount(50);
    page.locator("a[rel=next]").click();
    assertThat(page.locator(".pages")).containsText("page 2 of 20, 1,000 facts");
    String last = page.locator("article.fact").last().getAttribute("id");
    page.navigate("/branches/many/review?fact=" + last.substring("fact-".length()) + "#" + last);
    assertThat(page.locator("#" + last)).isFocused();
    page.navigate("/overview");
    picture(page, "overview");
    product.delete("many");
    product.main().run("DROP TABLE many");
  }
}
