package dev.anabranch.ledger;

import java.util.regex.Pattern;

/**
 * What an answer was asked for, or a transaction made for: the work that belongs together, across
 * sessions. A unit rests on what its own task got before it.
 */
public sealed interface Task {

  /** What the session said it was doing ({@code SET anabranch.task}, or a start-up option). */
  record Named(String name) implements Task {}

  /**
   * One request, as traced by the application that asked: the trace id of a sqlcommenter comment
   * ({@code traceparent='00-…'}) in the statement.
   *
   * @param traceId 32 hexadecimal digits in lower case
   */
  record Traced(String traceId) implements Task {

    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

    /**
     * Refuses what is no trace id.
     *
     * @throws IllegalArgumentException when it is none
     */
    public Traced {
      if (!ID.matcher(traceId).matches()) {
        throw new IllegalArgumentException("no trace id: " + traceId);
      }
    }
  }

  /**
   * Nothing said: whoever works as this role, with this application, from this host. Its windows
   * are told from the times of its entries, when they are needed.
   *
   * @param role the role that the session logged in as
   * @param application its application_name at that moment
   * @param clientHost the client's address as the gateway sees it
   */
  record Work(String role, String application, String clientHost) implements Task {

    /**
     * Refuses what its text could not hold.
     *
     * @throws IllegalArgumentException when the role or the host has a tab in it
     */
    public Work {
      if (role.indexOf(BETWEEN) >= 0 || clientHost.indexOf(BETWEEN) >= 0) {
        throw new IllegalArgumentException("a tab in a role or a host: " + role + clientHost);
      }
    }

    private static Task parse(String text) {
      int first = text.indexOf(BETWEEN);
      int last = text.lastIndexOf(BETWEEN);
      return first < 0 || first == last
          ? new Named(WORK + text)
          : new Work(
              text.substring(0, first), text.substring(first + 1, last), text.substring(last + 1));
    }
  }

  /** An entry of an earlier version, whose session named no task: the session alone. */
  record SessionAlone() implements Task {}

  /** Stands before the name of a task. */
  String NAME = "name:";

  /** Stands before a trace id. */
  String TRACE = "trace:";

  /** Stands before what is known of a window of work. */
  String WORK = "work:";

  /** Stands between the parts of a window of work. */
  char BETWEEN = '\t';

  /** What the ledger stores; {@link #parse} reads it. */
  default String text() {
    return switch (this) {
      case Named(String name) -> NAME + name;
      case Traced(String traceId) -> TRACE + traceId;
      case Work(String role, String application, String clientHost) ->
          WORK + role + BETWEEN + application + BETWEEN + clientHost;
      case SessionAlone() -> "";
    };
  }

  /** For people: the name alone, where there is one. */
  default String shown() {
    return switch (this) {
      case Named(String name) -> name;
      case Traced(String traceId) -> "trace " + traceId;
      case Work(String role, String application, String clientHost) ->
          (application.isEmpty() ? role : application + " as " + role) + " from " + clientHost;
      case SessionAlone() -> "";
    };
  }

  /** The task of a stored text. Earlier versions stored a name, or nothing. */
  static Task parse(String text) {
    if (text.isEmpty()) {
      return new SessionAlone();
    }
    if (text.startsWith(NAME)) {
      return new Named(text.substring(NAME.length()));
    }
    if (text.startsWith(WORK)) {
      return Work.parse(text.substring(WORK.length()));
    }
    String traceId = text.startsWith(TRACE) ? text.substring(TRACE.length()) : "";
    return Traced.ID.matcher(traceId).matches() ? new Traced(traceId) : new Named(text);
  }
}
