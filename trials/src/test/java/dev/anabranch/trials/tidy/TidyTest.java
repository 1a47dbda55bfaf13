package dev.anabranch.trials.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the house asks of every source file. Each failure says how to mend it. */
class TidyTest {

  private static final Path ROOT = Path.of(System.getProperty("anabranch.root"));

  /** A file longer than this has more than one noun in it. */
  private static final int LONGEST_FILE_LINES = 600;

  @Test
  void sourcesAreFormatted() throws IOException, FormatterException {
    boolean rewrite = Boolean.getBoolean("anabranch.format");
    Formatter formatter = new Formatter();
    List<Path> unformatted = new ArrayList<>();
    for (Path file : javaFiles()) {
      String source = Files.readString(file);
      String formatted = formatter.formatSourceAndFixImports(source);
      if (!formatted.equals(source)) {
        if (rewrite) {
          Files.writeString(file, formatted);
        } else {
          unformatted.add(ROOT.relativize(file));
        }
      }
    }
    assertThat(unformatted)
        .as(
            "not in google-java-format: see the table of commands in CONTRIBUTING.md for the one"
                + " that mends it")
        .isEmpty();
  }

  @Test
  void nothingIsLeftForLater() throws IOException {
    assertThat(linesWith(Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b"), javaFiles()))
        .as("do it now, or write it down as an issue")
        .isEmpty();
  }

  @Test
  void productionCodeAwaitsConditions() throws IOException {
    assertThat(linesWith(Pattern.compile("Thread\\.sleep"), productionFiles()))
        .as("await a condition, or schedule on a named executor")
        .isEmpty();
  }

  @Test
  void nobodyReportsWithPrintStackTrace() throws IOException {
    assertThat(linesWith(Pattern.compile("print" + "StackTrace"), javaFiles()))
        .as("log where it is handled, or pass it on")
        .isEmpty();
  }

  @Test
  void noFileScrollsForEver() throws IOException {
    List<String> long_ = new ArrayList<>();
    for (Path file : javaFiles()) {
      long lines = Files.readString(file).lines().count();
      if (lines > LONGEST_FILE_LINES) {
        long_.add(lines + " lines: " + ROOT.relativize(file));
      }
    }
    assertThat(long_).as("find the second noun and give it a file").isEmpty();
  }

  @Test
  void classNamesSayWhatTheThingIs() throws IOException {
    Pattern empty =
        Pattern.compile(".*(Manager|Util|Utils|Helper|Impl|Processor)\\.java|Abstract.*\\.java");
    assertThat(
            javaFiles().stream()
                .map(Path::getFileName)
                .map(Path::toString)
                .filter(n -> empty.matcher(n).matches()))
        .as("names such as Manager, Util and Impl say nothing: name the noun")
        .isEmpty();
  }

  /** The trials and benchmarks are programs of their own, which have other things to name. */
  @Test
  void noTwoClassesOfTheProductShareAName() throws IOException {
    Map<String, List<Path>> named = new TreeMap<>();
    for (Path file : productionFiles()) {
      Path path = ROOT.relativize(file);
      if (!path.startsWith("trials") && !path.startsWith("bench")) {
        named.computeIfAbsent(path.getFileName().toString(), _ -> new ArrayList<>()).add(path);
      }
    }
    named.remove("package-info.java");
    named.values().removeIf(files -> files.size() == 1);
    assertThat(named).as("whoever reads one of these thinks of the other: rename one").isEmpty();
  }

  /** Surefire passes over a class whose name says nothing of tests, and says nothing of it. */
  @Test
  void everyTestIsPickedUp() throws IOException {
    Pattern test = Pattern.compile("@(Test|Property|ParameterizedTest|TestFactory)\\b");
    Pattern picked = Pattern.compile("(Test.*|.*Test|.*Tests|.*TestCase)\\.java");
    List<Path> missed = new ArrayList<>();
    for (Path file : javaFiles()) {
      if (file.toString().contains("/src/test/")
          && !picked.matcher(file.getFileName().toString()).matches()
          && test.matcher(Files.readString(file)).find()) {
        missed.add(ROOT.relativize(file));
      }
    }
    assertThat(missed).as("these never run: their names end in neither Test nor Tests").isEmpty();
  }

  /** So that what needs no Postgres can be run by itself. */
  @Test
  void testsThatStartPostgresSaySo() throws IOException {
    Pattern test = Pattern.compile("@(Test|ParameterizedTest|TestFactory)\\b");
    Pattern starts = Pattern.compile("\\b(Temporary" + "Postgres|Control" + "Database)\\b");
    List<Path> silent = new ArrayList<>();
    for (Path file : javaFiles()) {
      String source = Files.readString(file);
      if (file.toString().contains("/src/test/")
          && test.matcher(source).find()
          && starts.matcher(source).find()
          && !source.contains("@Tag(\"postgres\")")) {
        silent.add(ROOT.relativize(file));
      }
    }
    assertThat(silent).as("say @Tag(\"postgres\") before the class").isEmpty();
  }

  private static List<String> linesWith(Pattern pattern, List<Path> files) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : files) {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (pattern.matcher(lines.get(i)).find()) {
          found.add(ROOT.relativize(file) + ":" + (i + 1) + ": " + lines.get(i).strip());
        }
      }
    }
    return found;
  }

  private static List<Path> productionFiles() throws IOException {
    return javaFiles().stream().filter(f -> f.toString().contains("/src/main/")).toList();
  }

  private static List<Path> javaFiles() throws IOException {
    try (Stream<Path> modules = Files.list(ROOT)) {
      List<Path> files = new ArrayList<>();
      for (Path source : modules.map(m -> m.resolve("src")).filter(Files::isDirectory).toList()) {
        try (Stream<Path> tree = Files.walk(source)) {
          tree.filter(f -> f.toString().endsWith(".java")).sorted().forEach(files::add);
        }
      }
      assertThat(files).as("source files found below " + ROOT).hasSizeGreaterThan(20);
      return files;
    }
  }
}
