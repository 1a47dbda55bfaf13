package dev.anabranch.trials.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.testkit.TemporaryPostgres;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Profile;
import dev.anabranch.trials.drive.Rows;
import dev.anabranch.trials.drive.Sessions;
import dev.anabranch.trials.drive.Sql;
import dev.anabranch.trials.drive.Step;
import dev.anabranch.trials.drive.Verdicts;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("postgres")
final class StoryReaderTest {

  /** The name of an effect, which returns no rows. */
  private static final Pattern LABEL = Pattern.compile("/\\* (\\S+) \\*/");

  /** For main and for the branch; as in {@link StoriesTest}, each story has a schema of its own. */
  private static final class Databases {
    private static final Address HERE = fresh();
    private static final Address THERE = fresh();

    private static Address fresh() {
      TemporaryPostgres postgres = TemporaryPostgres.shared();
      return Address.parse(postgres.url(postgres.freshDatabase()));
    }
  }

  @Test
  void everyStoryOfTheFolderReads() throws IOException {
    List<Story> stories = stories();

    assertThat(stories).hasSizeGreaterThanOrEqualTo(30);
    assertThat(stories)
        .allSatisfy(story -> assertThat(story.chapters()).hasSizeGreaterThanOrEqualTo(3));
    assertThat(stories).allSatisfy(story -> assertThat(story.title()).contains(" "));
  }

  /**
   * A story is wrong when Postgres itself does not understand it, or gives another first answer
   * than it tells.
   */
  @ParameterizedTest
  @MethodSource("stories")
  void everyStatementRunsOnPlainPostgres(Story story) throws SQLException {
    Address here = Databases.HERE;
    Address there = Databases.THERE;
    layBase(story, here);
    layBase(story, there);
    Map<String, Rows> asked = new HashMap<>();
    Set<String> said = new HashSet<>();
    try (Connection main = here.connect();
        Sessions sessions = new Sessions(there, _ -> profile(story))) {
      Sql.run(main, "SET search_path = " + story.schema());
      for (Chapter chapter : story.chapters()) {
        switch (chapter) {
          case Chapter.OnMain(List<String> statements) -> Sql.run(main, statements);
          case Chapter.OnBranch(List<Step> steps) -> play(steps, sessions, asked, said);
          case Chapter.OnChild(List<Step> steps) -> play(steps, sessions, asked, said);
          case Chapter.Check(List<Chapter.Expected> expected) ->
              assertThat(expected).allSatisfy(one -> told(one, asked, said));
          case Chapter.MainHas(String sql, List<String> ignored) -> Sql.ask(main, sql);
          case Chapter.Compare compare ->
              Sql.ask(main, OwnChecksTold.in(story.schema(), compare.score()));
          case Chapter.OnSibling ignored -> {}
          case Chapter.Flips(List<String> flips) ->
              assertThat(flips)
                  .allSatisfy(flip -> assertThat(asked).containsKey(flip.split(":")[0]));
          case Chapter.Base ignored -> {}
          case Chapter.Promote ignored -> {}
          case Chapter.PromoteSibling ignored -> {}
          case Chapter.SetRules ignored -> {}
          case Chapter.MergedCells ignored -> {}
          case Chapter.Undo ignored -> {}
          case Chapter.Sync ignored -> {}
        }
      }
    }
  }

  private static Profile profile(Story story) {
    Profile profile = Profile.in(story.schema());
    return story.role().map(role -> profile.with("role", role)).orElse(profile);
  }

  private static void told(Chapter.Expected expected, Map<String, Rows> asked, Set<String> said) {
    if (expected.label().equals(Verdicts.WITHHELD)) {
      return;
    }
    Rows rows = asked.get(expected.label());
    if (said.contains(expected.label())) {
      return;
    }
    if (rows == null) {
      throw new AssertionError("nothing was asked under the label " + expected.label());
    }
    // Under --role the same question has another answer than the owner's.
    if (!expected.label().equals("mine")) {
      expected.wasNow().ifPresent(wasNow -> assertThat(rows.inWords()).isEqualTo(wasNow.was()));
    }
  }

  private static void layBase(Story story, Address address) throws SQLException {
    try (Connection connection = address.connect()) {
      Sql.run(connection, "CREATE SCHEMA " + story.schema());
      Sql.run(connection, "SET search_path = " + story.schema());
      for (Chapter chapter : story.chapters()) {
        if (chapter instanceof Chapter.Base(List<String> statements)) {
          Sql.run(connection, statements);
        }
      }
    }
  }

  private static void play(
      List<Step> steps, Sessions sessions, Map<String, Rows> asked, Set<String> said)
      throws SQLException {
    for (Step step : steps) {
      switch (step) {
        case Step.Ask ask -> asked.put(ask.label(), sessions.ask(ask));
        case Step.Act act -> {
          Matcher label = LABEL.matcher(act.sql());
          while (label.find()) {
            said.add(label.group(1));
          }
          sessions.act(act);
        }
      }
    }
  }

  static List<Story> stories() throws IOException {
    return StoryReader.readAll(
        Path.of(System.getProperty("anabranch.root", ".."), "trials", "stories"));
  }

  @Test
  void aStoryReadsAsItIsWritten() {
    Story story =
        StoryReader.parse(
            "a-name",
            """
            -- story: The title
            -- as clerk
            -- base
            CREATE FUNCTION f() RETURNS int AS $$
              SELECT 1;
            $$ LANGUAGE sql;
            -- branch
            alice> BEGIN;
            alice> few(5, x): SELECT *
              FROM t WHERE id = ?;
            -- check
            few: holds or changed by net
            other: changed 1, NULL -> 2
            -- promote dry run accepting few, other
            outcome: partial or held
            fact: answer few
            task: count: landed 1, held 2
            not offered: else each time
            decide: conflict t id=1 .n = value 7
            plan: as shown
            dropped: 1
            different: none
            -- main has
            SELECT 1
            = 1
            """);

    assertThat(story.role()).contains("clerk");
    assertThat(story.chapters())
        .containsExactly(
            new Chapter.Base(
                List.of("CREATE FUNCTION f() RETURNS int AS $$\n  SELECT 1;\n$$ LANGUAGE sql")),
            new Chapter.OnBranch(
                List.of(
                    new Step.Act("alice", "BEGIN"),
                    new Step.Ask(
                        "alice", "few", "SELECT *\n  FROM t WHERE id = ?", List.of("5", "x")))),
            new Chapter.Check(
                List.of(
                    new Chapter.Expected(
                        "few", List.of("holds", "changed"), Optional.of("net"), Optional.empty()),
                    new Chapter.Expected(
                        "other",
                        List.of("changed"),
                        Optional.empty(),
                        Optional.of(new Chapter.WasNow("1, NULL", "2"))))),
            new Chapter.Promote(
                true,
                List.of("few", "other"),
                List.of(
                    new Chapter.Decide(
                        "conflict t id=1", Optional.of("n"), "value", Optional.of("7"))),
                Optional.of("as shown"),
                List.of("partial", "held"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(1),
                Optional.of(List.of("answer few")),
                Optional.empty(),
                Optional.of(List.of()),
                new Chapter.OwnChecks(List.of(), List.of(), Optional.empty(), Optional.empty()),
                Optional.of(List.of("count: landed 1, held 2")),
                List.of("else each time"),
                Optional.empty()),
            new Chapter.MainHas("SELECT 1", List.of("1")));
  }
}
