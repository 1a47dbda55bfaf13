package dev.anabranch.cli;

import java.util.function.Consumer;
import java.util.stream.Stream;

/** Reads server-sent events from their lines; what is no event's name or data is passed over. */
final class EventLines {

  private static final String NAME = "event: ";
  private static final String DATA = "data: ";

  private final Consumer<ServerEvent> told;
  private String name = "";
  private final StringBuilder data = new StringBuilder();

  EventLines(Consumer<ServerEvent> told) {
    this.told = told;
  }

  void read(Stream<String> lines) {
    lines.forEach(this::line);
  }

  private void line(String line) {
    if (line.startsWith(NAME)) {
      name = line.substring(NAME.length());
    } else if (line.startsWith(DATA)) {
      data.append(line, DATA.length(), line.length());
    } else if (line.isEmpty() && !data.isEmpty()) {
      told.accept(new ServerEvent(name, ServerClient.JSON.readTree(data.toString())));
      name = "";
      data.setLength(0);
    }
  }
}
