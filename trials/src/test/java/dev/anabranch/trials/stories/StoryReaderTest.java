package dev.anabranch.trials.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.trials.drive.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class StoryReaderTest {

  @Test
  void everyStoryOfTheFolderReads() throws IOException {
    List<Story> stories = StoryReader.readAll(Path.of(System.getProperty("anabranch.root", ".."), "trials", "stories"));

    assertThat(stories).hasSizeGreaterThanOrEqualTo(30);
    assertThat(stories).allSatisfy(story -> assertThat(story.chapters()).hasSizeGreaterThanOrEqualTo(3));
    assertThat(stories).allSatisfy(story -> assertThat(story.title()).contains(" "));
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
            -- main has
            SELECT 1
            = 1
            """);

    assertThat(story.role()).contains("clerk");
    assertThat(story.chapters())
        .containsExactly(
            new Chapter.Base(List.of("CREATE FUNCTION f() RETURNS int AS $$\n  SELECT 1;\n$$ LANGUAGE sql")),
            new Chapter.OnBranch(
                List.of(
                    new Step.Act("alice", "BEGIN"),
                    new Step.Ask("alice", "few", "SELECT *\n  FROM t WHERE id = ?", List.of("5", "x")))),
            new Chapter.Check(
                List.of(
                    new Chapter.Expected("few", List.of("holds", "changed"), Optional.of("net"), Optional.empty()),
                    new Chapter.Expected(
                        "other", List.of("changed"), Optional.empty(), Optional.of(new Chapter.WasNow("1, NULL", "2"))))),
            new Chapter.Promote(
                true,
                List.of("few", "other"),
                List.of("partial", "held"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(List.of("answer few"))),
            new Chapter.MainHas("SELECT 1", List.of("1")));
  }
}
