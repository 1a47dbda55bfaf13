package dev.anabranch.trials.cycles;

import java.util.List;

/**
 * Work of one task on a branch.
 *
 * @param number unique in its course; it is part of every value that the program makes up
 * @param kind what it is an example of
 * @param naming how the gateway learns the task
 * @param lines in order
 */
record Program(int number, String kind, Naming naming, List<Line> lines) {

  /** How a task is told apart from others. */
  enum Naming {
    /** {@code SET anabranch.task}. */
    NAMED,
    /** A traceparent comment behind each statement. */
    TRACED,
    /** Not at all but by the application's name: a window of work. */
    WINDOW
  }

  Program {
    lines = List.copyOf(lines);
  }

  String task() {
    return "t" + number;
  }

  /** Unique for each of its sessions. */
  String session(Line line) {
    return task() + line.session();
  }
}
