package dev.anabranch.trials.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every link from one page to another leads somewhere, and every page is led to. */
class LinksTest {

  private static final Path ROOT = Path.of(System.getProperty("anabranch.root"));
  private static final Path FIRST_PAGE = ROOT.resolve("docs/README.md");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]*)(?:#([^)\\s]*))?\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final Pattern CODE = Pattern.compile("(?s)```.*?```|`[^`\n]*`");

  @Test
  void linksLeadSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      Matcher link = LINK.matcher(CODE.matcher(Files.readString(page)).replaceAll(""));
      while (link.find()) {
        if (!link.group(1).contains(":") && !leadsSomewhere(page, link.group(1), link.group(2))) {
          broken.add(ROOT.relativize(page) + ": " + link.group());
        }
      }
    }
    assertThat(broken).as("links that lead nowhere").isEmpty();
  }

  @Test
  void theFirstPageLeadsToEachPageOfTheFolder() throws IOException {
    String first = Files.readString(FIRST_PAGE);
    try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
      assertThat(
              pages
                  .filter(page -> page.toString().endsWith(".md") && !page.equals(FIRST_PAGE))
                  .map(page -> "(" + page.getFileName()))
          .as("pages that docs/README.md has to link to")
          .allSatisfy(link -> assertThat(first).contains(link));
    }
  }

  private static boolean leadsSomewhere(
      Path page, String target, @org.jspecify.annotations.Nullable String anchor)
      throws IOException {
    Path folder = page.getParent();
    Path there = target.isEmpty() || folder == null ? page : folder.resolve(target).normalize();
    return Files.exists(there)
        && (anchor == null || anchorsOf(Files.readString(there)).contains(anchor));
  }

  /** As GitHub names them. */
  private static List<String> anchorsOf(String text) {
    return HEADING
        .matcher(text)
        .results()
        .map(heading ->
            heading
                .group(1)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-'))
        .toList();
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (Path folder :
        List.of(
            ROOT,
            ROOT.resolve("docs"),
            ROOT.resolve("docs/decisions"),
            ROOT.resolve("trials"),
            ROOT.resolve("bench"))) {
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
      }
    }
    return pages;
  }
}
