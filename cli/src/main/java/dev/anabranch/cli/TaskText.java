package dev.anabranch.cli;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The tasks that work was done for, for a person: each with its name, what was asked for it, and
 * what becomes of its units.
 *
 * @param branch the branch's name
 * @param palette colours
 */
record TaskText(String branch, Palette palette) {

  /** As many as a person reads. */
  private static final int LIMIT = 40;

  private static final int STATE_SHOWN = 6;

  /** What a task is and how much there is of it. */
  String headline(JsonNode task) {
    return palette.strong("task " + name(task))
        + ": "
        + Words.count(task.path("answers").asLong(), "answer")
        + ", "
        + Words.count(units(task), "unit");
  }

  private static String name(JsonNode task) {
    String name = task.path("name").asString("");
    return name.isEmpty() ? "that nobody knows" : name;
  }

  private static int units(JsonNode task) {
    return task.path("landed").size() + task.path("held").size() + task.path("dropped").size();
  }

  /**
   * What to type to decide all of it.
   *
   * @param mayAccept whether an answer waits to be accepted
   */
  List<String> commands(JsonNode task, boolean mayAccept) {
    List<String> lines = new ArrayList<>();
    String id = task.path("id").asString("");
    if (id.isEmpty() || task.path("held").isEmpty()) {
      return lines;
    }
    String state = task.path("state").asString("");
    String named = "task:" + id + "@" + state.substring(0, Math.min(STATE_SHOWN, state.length()));
    for (String choice : mayAccept ? List.of("accept", "drop") : List.of("drop")) {
      lines.add("all of it  anabranch promote " + branch + " --decide " + named + "=" + choice);
    }
    return lines;
  }

  /**
   * All tasks of a promotion, a line each.
   *
   * @param would whether nothing was written
   */
  List<String> lines(JsonNode tasks, boolean would) {
    List<String> lines = new ArrayList<>();
    if (tasks.isEmpty()) {
      return lines;
    }
    lines.add("");
    lines.add(palette.strong("tasks"));
    int told = 0;
    for (JsonNode task : tasks) {
      if (told++ == LIMIT) {
        lines.add("    and " + (tasks.size() - LIMIT) + " more (--format json)");
        break;
      }
      List<String> parts = new ArrayList<>();
      part(parts, task.path("landed"), would ? "to land" : "landed");
      part(parts, task.path("held"), "held");
      part(parts, task.path("dropped"), "dropped");
      lines.add(
          "    "
              + name(task)
              + ", "
              + Words.count(task.path("answers").asLong(), "answer")
              + ", "
              + Words.count(units(task), "unit")
              + ": "
              + String.join(", ", parts));
    }
    return lines;
  }

  private static void part(List<String> parts, JsonNode units, String what) {
    if (!units.isEmpty()) {
      parts.add(units.size() + " " + what);
    }
  }
}
