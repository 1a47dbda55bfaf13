package dev.anabranch.trials.stories;

import dev.anabranch.trials.drive.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads story files. A file is chapters, each opened by a line that begins with two dashes:
 *
 * <pre>
 * -- story: One new order moves a count from 47 to 48
 * -- base                    SQL, run on main before the branch exists
 * -- branch                  session&gt; statement;   an answer has a label: session&gt; label: SELECT …;
 *                            and may have parameters: session&gt; label(5, x): SELECT … WHERE id = ?;
 *                            what the branch must refuse: session!&gt; statement;
 * -- branch of it            the same, on a branch that is started from it; that one is checked from then on
 * -- main                    SQL, run on main
 * -- check                   label: holds | label: holds by net | label: changed 47 -&gt; 48 | label: holds or undecided
 * -- flips                   label: SELECT … of main, which returns the moment from which the clock alone may change it
 *                            label: never | label: any moment
 * -- promote                 also: promote dry run, promote accepting label, label
 *                            outcome: landed | landed: 2 | held: 1 | dropped: 1 | fact: answer label | facts: none
 *                            decide: answer label = accept | decide: conflict stock id=1 .qty = value 7
 *                            decide: answer label = rerun | not offered: part of the reason
 *                            moved: part of what is told of it
 *                            decide: task name = drop | task: name: landed 1, held 2
 *                            decided: answer label | plan: as shown | different: rows replaced
 *                            with check: NAME = SELECT … FROM schema.table | skip check: NAME | check: NAME failed 1, -2
 *                            error: AB-643, when the request itself is a mistake
 * -- sibling NAME            as branch, on another branch of the same base
 * -- sibling NAME of now     the same, on one that has main as it is then
 * -- compare                 score: SELECT … FROM schema.table | best: NAME or none; then the branches, the best first,
 *                            each after an equals sign: = it 30 held 1
 * -- undo                    of the last promotion or undoing; undo 1: of the first; the lines are a promotion's
 * -- sync                    the branch moves onto main as it is then; also: sync accepting label, label
 *                            outcome: synced | held | landed: units carried over | gone: label | decide: … | error: AB-652
 * -- promote of NAME         of a sibling
 * -- rules                   TABLE.COLUMN = RULE | TABLE.COLUMN = RULE: AB-685, when it is refused
 * -- merged                  of the last promotion: COLUMN RULE BASE BRANCH MAIN = MERGED, each cell that a rule combined
 * -- main has                one query; then its rows, each after an equals sign
 * </pre>
 *
 * What a session keeps out of the ledger has the label {@code withheld}.
 *
 * <p>A statement ends with the line that ends in a semicolon, outside dollar quotes. A session
 * whose name ends in {@code -simple} speaks the simple protocol. {@code -- as ROLE} gives the
 * branch to a role.
 */
public final class StoryReader {

  private static final Pattern HEADING =
      Pattern.compile(
          "^-- (story:|as|base|branch of it|branch|sibling|compare|flips|main"
              + " has|main|check|promote of|promote|sync|undo|rules|merged)\\b?(.*)$");
  private static final Pattern SPOKEN =
      Pattern.compile("^([a-z]+(?:-[a-z]+)?)(!?)> (.*)$", Pattern.DOTALL);
  private static final Pattern LABELLED =
      Pattern.compile("^([a-z][a-z0-9-]*)(?:\\((.*?)\\))?: (.*)$", Pattern.DOTALL);
  private static final Pattern EXPECTED =
      Pattern.compile(
          "^([a-z0-9-]+): ([a-z]+(?: or [a-z]+)*)(?: by ([a-z]+))?(?: (.*?) ?-> ?(.*))?$");

  private static final Pattern DECIDED =
      Pattern.compile("^(.+?)(?: \\.(\\w+))? = (\\w+)(?: (.*))?$");
  private static final Set<String> OF_A_PROMOTION =
      Set.of(
          "decide",
          "plan",
          "outcome",
          "landed",
          "held",
          "dropped",
          "fact",
          "decided",
          "different",
          "with check",
          "skip check",
          "check",
          "error",
          "task",
          "not offered",
          "moved",
          "gone");

  private static final String OF_NOW = " of now";

  private StoryReader() {}

  /** Every story of a folder, by name. */
  public static List<Story> readAll(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.list(folder)) {
      files = found.filter(file -> file.toString().endsWith(".story")).sorted().toList();
    }
    List<Story> stories = new ArrayList<>();
    for (Path file : files) {
      stories.add(read(file));
    }
    return stories;
  }

  /** One story. */
  public static Story read(Path file) throws IOException {
    String fileName = String.valueOf(file.getFileName());
    return parse(
        fileName.substring(0, fileName.length() - ".story".length()), Files.readString(file));
  }

  /** One story from its text. */
  public static Story parse(String name, String text) {
    String title = name;
    Optional<String> role = Optional.empty();
    List<Chapter> chapters = new ArrayList<>();
    for (Section section : sections(text)) {
      switch (section.heading()) {
        case "story:" -> title = section.rest();
        case "as" -> role = Optional.of(section.rest());
        default -> chapters.add(chapter(name, section));
      }
    }
    return new Story(name, title, role, chapters);
  }

  private static Chapter chapter(String story, Section section) {
    return switch (section.heading()) {
      case "base" -> new Chapter.Base(statements(section.lines()));
      case "main" -> new Chapter.OnMain(statements(section.lines()));
      case "branch" -> new Chapter.OnBranch(steps(story, section));
      case "branch of it" -> new Chapter.OnChild(steps(story, section));
      case "check" ->
          new Chapter.Check(section.filled().map(line -> expected(story, line)).toList());
      case "promote" -> promote(section);
      case "sibling" -> sibling(story, section);
      case "promote of" -> new Chapter.PromoteSibling(section.rest(), promote(section));
      case "flips" -> new Chapter.Flips(section.filled().toList());
      case "rules" -> new Chapter.SetRules(section.filled().toList());
      case "merged" -> new Chapter.MergedCells(section.filled().toList());
      case "compare" -> compare(section);
      case "sync" -> new Chapter.Sync(promote(section), gone(section));
      case "undo" -> new Chapter.Undo(which(section), promote(section));
      case "main has" -> mainHas(section);
      default ->
          throw new IllegalArgumentException(story + ": no chapter is called " + section.heading());
    };
  }

  private static Chapter sibling(String story, Section section) {
    boolean now = section.rest().endsWith(OF_NOW);
    String name =
        now
            ? section.rest().substring(0, section.rest().length() - OF_NOW.length())
            : section.rest();
    return new Chapter.OnSibling(name, now, steps(story, section));
  }

  private static List<Step> steps(String story, Section section) {
    return statements(section.lines()).stream().map(spoken -> step(story, spoken)).toList();
  }

  private static Step step(String story, String spoken) {
    Matcher said = SPOKEN.matcher(spoken);
    if (!said.matches()) {
      throw new IllegalArgumentException(story + ": nobody says: " + spoken);
    }
    Matcher labelled = LABELLED.matcher(said.group(3));
    if (!labelled.matches()) {
      return new Step.Act(said.group(1), said.group(3), !said.group(2).isEmpty());
    }
    List<String> parameters =
        labelled.group(2) == null ? List.of() : List.of(labelled.group(2).split(", *"));
    return new Step.Ask(said.group(1), labelled.group(1), labelled.group(3), parameters);
  }

  private static Chapter.Expected expected(String story, String line) {
    Matcher matcher = EXPECTED.matcher(line);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(story + ": no expectation: " + line);
    }
    Optional<Chapter.WasNow> wasNow =
        matcher.group(5) == null
            ? Optional.empty()
            : Optional.of(new Chapter.WasNow(orEmpty(matcher.group(4)), matcher.group(5)));
    return new Chapter.Expected(
        matcher.group(1),
        List.of(matcher.group(2).split(" or ")),
        Optional.ofNullable(matcher.group(3)),
        wasNow);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static List<String> gone(Section section) {
    return section
        .filled()
        .filter(line -> line.startsWith("gone:"))
        .map(line -> line.substring("gone:".length()).strip())
        .toList();
  }

  private static Optional<Integer> which(Section section) {
    return Stream.of(section.rest().split(" "))
        .filter(word -> word.matches("\\d+"))
        .map(Integer::valueOf)
        .findFirst();
  }

  private static Chapter.Promote promote(Section section) {
    Map<String, List<String>> said = new HashMap<>();
    for (String line : section.filled().toList()) {
      int colon = line.indexOf(':');
      String what = line.substring(0, colon).replaceAll("^facts$", "fact");
      if (!OF_A_PROMOTION.contains(what)) {
        throw new IllegalArgumentException("no expectation of a promotion: " + line);
      }
      String value = line.substring(colon + 1).strip();
      List<String> values = said.computeIfAbsent(what, _ -> new ArrayList<>());
      if (!value.equals("none")) {
        values.add(value);
      }
    }
    int accepting = section.rest().indexOf("accepting ");
    List<String> accepted =
        accepting < 0
            ? List.of()
            : List.of(section.rest().substring(accepting + "accepting ".length()).split(", *"));
    return new Chapter.Promote(
        section.rest().startsWith("dry run"),
        accepted,
        said.getOrDefault("decide", List.of()).stream().map(StoryReader::decide).toList(),
        said.getOrDefault("plan", List.of()).stream().findFirst(),
        said.getOrDefault("outcome", List.of()).stream()
            .flatMap(outcomes -> Stream.of(outcomes.split(" or ")))
            .toList(),
        number(said, "landed"),
        number(said, "held"),
        number(said, "dropped"),
        Optional.ofNullable(said.get("fact")),
        Optional.ofNullable(said.get("decided")),
        Optional.ofNullable(said.get("different")),
        new Chapter.OwnChecks(
            said.getOrDefault("with check", List.of()),
            said.getOrDefault("skip check", List.of()),
            Optional.ofNullable(said.get("check")),
            said.getOrDefault("error", List.of()).stream().findFirst()),
        Optional.ofNullable(said.get("task")),
        said.getOrDefault("not offered", List.of()),
        Optional.ofNullable(said.get("moved")));
  }

  private static Chapter.Compare compare(Section section) {
    Map<String, String> said = new HashMap<>();
    List<String> branches = new ArrayList<>();
    for (String line : section.filled().toList()) {
      if (line.startsWith("=")) {
        branches.add(line.substring(1).strip());
      } else {
        int colon = line.indexOf(':');
        said.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return new Chapter.Compare(
        said.getOrDefault("score", ""), Optional.ofNullable(said.get("best")), branches);
  }

  private static Optional<Integer> number(Map<String, List<String>> said, String what) {
    return said.getOrDefault(what, List.of()).stream().map(Integer::valueOf).findFirst();
  }

  private static Chapter.Decide decide(String words) {
    Matcher matcher = DECIDED.matcher(words);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("no decision: " + words);
    }
    return new Chapter.Decide(
        matcher.group(1),
        Optional.ofNullable(matcher.group(2)),
        matcher.group(3),
        Optional.ofNullable(matcher.group(4)));
  }

  private static Chapter mainHas(Section section) {
    List<String> rows = new ArrayList<>();
    List<String> sql = new ArrayList<>();
    for (String line : section.filled().toList()) {
      if (line.startsWith("=")) {
        rows.add(line.substring(1).strip());
      } else {
        sql.add(line);
      }
    }
    return new Chapter.MainHas(String.join("\n", sql), rows);
  }

  private static List<String> statements(List<String> lines) {
    List<String> statements = new ArrayList<>();
    StringBuilder statement = new StringBuilder();
    for (String line : lines) {
      if (line.isBlank() && statement.isEmpty()) {
        continue;
      }
      statement.append(statement.isEmpty() ? "" : "\n").append(line);
      if (line.stripTrailing().endsWith(";") && dollarQuotesClosed(statement)) {
        statements.add(statement.toString().stripTrailing().replaceAll(";$", ""));
        statement.setLength(0);
      }
    }
    if (!statement.toString().isBlank()) {
      throw new IllegalArgumentException("a statement without its semicolon: " + statement);
    }
    return statements;
  }

  private static boolean dollarQuotesClosed(CharSequence text) {
    return Pattern.compile("\\$\\$").matcher(text).results().count() % 2 == 0;
  }

  private static List<Section> sections(String text) {
    List<Section> sections = new ArrayList<>();
    for (String line : text.lines().toList()) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        sections.add(new Section(heading.group(1), heading.group(2).strip(), new ArrayList<>()));
      } else if (!sections.isEmpty()) {
        sections.getLast().lines().add(line);
      }
    }
    return sections;
  }

  private record Section(String heading, String rest, List<String> lines) {
    Stream<String> filled() {
      return lines.stream().map(String::strip).filter(line -> !line.isEmpty());
    }
  }
}
