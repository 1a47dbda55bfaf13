package dev.anabranch.cli;

import java.io.PrintWriter;
import tools.jackson.databind.JsonNode;

/**
 * Where a command prints.
 *
 * @param out results
 * @param err progress and errors
 * @param palette how text is coloured, if at all
 */
record Output(PrintWriter out, PrintWriter err, Palette palette) {

  /** JSON exactly as the server gave it, on one line. */
  void json(JsonNode node) {
    line(node.toString());
  }

  void line(String text) {
    out.println(text);
    out.flush();
  }

  /** Progress, shown only to a person who is watching. */
  void progress(String text) {
    if (palette.coloured()) {
      err.println(palette.dim(text));
      err.flush();
    }
  }
}
