package dev.anabranch.trials.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The browser of this machine, looking at one server. It keeps what pages complain of and whom they
 * ask.
 */
final class Chromium implements AutoCloseable {

  /** A check on a machine that others use takes its time. */
  private static final double PATIENCE_MILLIS = 60_000;

  private static final int WIDTH = 1200;
  private static final int HEIGHT = 800;

  /** What a page may not have, as axe-core rates it. */
  private static final String SERIOUS =
      """
      async () => (await axe.run(document, {resultTypes: ['violations']})).violations
        .filter(v => v.impact === 'serious' || v.impact === 'critical')
        .map(v => v.id + ': ' + v.help + ' ' + v.nodes.map(n => n.html).join(' '))
      """;

  private final URI server;
  private final Playwright playwright;
  private final Browser browser;
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final List<String> forgiven = new CopyOnWriteArrayList<>();

  private Chromium(URI server, Playwright playwright, Browser browser) {
    this.server = server;
    this.playwright = playwright;
    this.browser = browser;
  }

  /** Skips the test, loudly, where there is none. */
  static Chromium on(URI server) {
    Optional<Path> program = program();
    Assumptions.assumeTrue(
        program.isPresent(),
        "SKIPPED: pages are tested in chromium, and there is none on this machine; install it, or"
            + " let CHROMIUM name one");
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
    Browser browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(program.get())
                    .setArgs(List.of("--no-sandbox", "--disable-gpu")));
    return new Chromium(server, playwright, browser);
  }

  private static Optional<Path> program() {
    return Stream.of(
            Optional.ofNullable(System.getenv("CHROMIUM")).orElse(""),
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome")
        .filter(name -> !name.isEmpty())
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** A browser that was just opened, of who has the server's own token, unless they have none. */
  Page open(Optional<String> token, boolean scripts) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setBaseURL(server.toString())
                .setJavaScriptEnabled(scripts)
                .setViewportSize(WIDTH, HEIGHT));
    context.setDefaultTimeout(PATIENCE_MILLIS);
    Page page = context.newPage();
    page.onConsoleMessage(message -> {
      if (message.type().equals("error") || message.type().equals("warning")) {
        complaints.add(page.url() + " says: " + message.text());
      }
    });
    page.onPageError(failure -> complaints.add(page.url() + " fails: " + failure));
    page.onRequest(request -> {
      if (!request.url().startsWith(server + "/")) {
        complaints.add(page.url() + " asks " + request.url());
      }
    });
    token.ifPresent(text -> {
      page.navigate("/sign-in");
      page.getByLabel("Token").fill(text);
      page.locator("main button").click();
    });
    return page;
  }

  /** Ends what open pages ask for by themselves. */
  void closePages() {
    List.copyOf(browser.contexts()).forEach(BrowserContext::close);
  }

  /** What pages complained of since the last time. */
  void requireQuiet() {
    List<String> all =
        complaints.stream()
            .filter(complaint -> forgiven.stream().noneMatch(complaint::contains))
            .toList();
    complaints.clear();
    forgiven.clear();
    assertThat(all).as("errors in the console, and requests to others").isEmpty();
  }

  /** A refusal's status is an error in the console. */
  void forgive(int status) {
    forgiven.add("responded with a status of " + status);
  }

  /** That the server was away for a while is an error in the console. */
  void forgiveLostConnections() {
    forgiven.add("net::ERR_");
    forgiven.add("[object HTMLDivElement]"); // that the piece which asks got no answer
    forgiven.add("Response Status Error");
  }

  /** Whether whoever can't see or use a mouse can use the page as well. */
  void requireAccessible(Page page) {
    try (BrowserContext bare =
        browser.newContext(
            new Browser.NewContextOptions()
                .setBypassCSP(true) // axe-core is no file of ours, which pages refuse
                .setStorageState(page.context().storageState()))) {
      Page same = bare.newPage();
      String content = page.content();
      same.route("**/live**", route -> route.abort());
      same.route( // also what came of a form
          page.url(),
          route ->
              route.fulfill(
                  new Route.FulfillOptions().setContentType("text/html").setBody(content)));
      same.navigate(page.url());
      same.evaluate(axe());
      Object violations = same.evaluate(SERIOUS);
      assertThat((List<?>) violations).as("of " + page.url()).isEmpty();
    }
  }

  private static String axe() {
    try (InputStream in =
        Chromium.class.getResourceAsStream(
            "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading axe-core", e);
    }
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
