package dev.anabranch.trials.stories;

import java.util.List;
import java.util.Optional;

/**
 * A behaviour as data: one branch of main, told chapter by chapter.
 *
 * @param name the file's name without its ending; it names the story's schema and branch
 * @param title the behaviour in one sentence
 * @param role the role whose rights alone the branch has, when the story gives one
 * @param chapters what happens and what is expected, in order; the bases come first
 */
public record Story(String name, String title, Optional<String> role, List<Chapter> chapters) {

  public Story {
    chapters = List.copyOf(chapters);
  }

  /** The schema that holds the story's tables, so that many stories share one main. */
  public String schema() {
    return "story_" + name.replace('-', '_');
  }
}
