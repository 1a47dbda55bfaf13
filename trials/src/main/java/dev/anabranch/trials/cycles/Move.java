package dev.anabranch.trials.cycles;

import java.util.List;

/**
 * Something that production does.
 *
 * @param kind what it is an example of
 * @param schema whether it alters the schema
 * @param statements each by itself
 */
record Move(String kind, boolean schema, List<String> statements) {

  Move {
    statements = List.copyOf(statements);
  }
}
