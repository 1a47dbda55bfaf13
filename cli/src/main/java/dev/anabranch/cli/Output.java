package dev.anabranch.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/**
 * Where a command prints.
 *
 * @param out results
 * @param err progress and errors
 * @param palette how text is coloured, if at all
 */
record Output(PrintWriter out, PrintWriter err, Palette palette) {

  private static final int COPY_CHARS = 32 * 1024;

  /** JSON exactly as the server gave it, on one line. */
  void json(JsonNode node) {
    line(node.toString());
  }

  void line(String text) {
    out.println(text);
    out.flush();
  }

  /** What a server sent, as it arrives. */
  void copy(InputStream stream) throws IOException {
    Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8);
    char[] buffer = new char[COPY_CHARS];
    boolean ended = true;
    for (int read = reader.read(buffer); read >= 0; read = reader.read(buffer)) {
      out.write(buffer, 0, read);
      ended = read > 0 ? buffer[read - 1] == '\n' : ended;
    }
    if (!ended) {
      out.println();
    }
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
