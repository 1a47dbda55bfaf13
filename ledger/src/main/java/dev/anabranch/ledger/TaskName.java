package dev.anabranch.ledger;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a task is called for people: the name that it was given, else the request or the action that
 * its statements' comments tell of, else the application and its first statement.
 *
 * <p>Comments are read as sqlcommenter writes them, {@code route='%2Frefunds'}, and as older tools
 * do, {@code controller:refunds}. Nothing is decided by them but what people read.
 */
public final class TaskName {

  /** As much of a statement, or of a request, as fits into a line. */
  private static final int LONGEST = 60;

  private static final int TRACE_SHOWN = 8;

  private static final Pattern COMMENT = Pattern.compile("/\\*(?<said>.*?)\\*/", Pattern.DOTALL);

  private static final Pattern LINE_COMMENT = Pattern.compile("(?m)^\\s*--.*$");

  private static final Pattern PAIR =
      Pattern.compile(
          "(?<key>[A-Za-z_][\\w.]*)\\s*(?:=\\s*\\\\?'(?<quoted>(?:[^'\\\\]|\\\\.)*)'|:(?<plain>[^,*]*))");

  private static final Pattern WITH_METHOD =
      Pattern.compile("(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\\s.*", Pattern.DOTALL);

  private TaskName() {}

  /**
   * @param statements of the task, in the order in which they were asked
   */
  public static String of(Task task, List<Question> statements) {
    if (task instanceof Task.Named(String name)) {
      return shortened(name);
    }
    Set<String> requests = new LinkedHashSet<>();
    statements.forEach(statement -> request(statement.sql()).ifPresent(requests::add));
    if (!requests.isEmpty()) {
      String first = requests.iterator().next();
      return requests.size() == 1 ? first : first + " and " + (requests.size() - 1) + " more";
    }
    return switch (task) {
      case Task.Named(String name) -> shortened(name);
      case Task.Traced(String traceId) -> "trace " + traceId.substring(0, TRACE_SHOWN);
      case Task.Work(String role, String application, String ignored) ->
          firstOf(application.isEmpty() ? role : application, statements);
      case Task.SessionAlone() -> firstOf("a session", statements);
    };
  }

  private static String firstOf(String who, List<Question> statements) {
    return statements.isEmpty() ? who : who + ": " + words(statements.getFirst().sql());
  }

  /** A statement on one line, without its comments, as much of it as fits. */
  public static String words(String sql) {
    String bare = LINE_COMMENT.matcher(COMMENT.matcher(sql).replaceAll(" ")).replaceAll(" ");
    return shortened(bare);
  }

  /** The request or the action that a statement's comment tells of. */
  static Optional<String> request(String sql) {
    if (!sql.contains("/*")) {
      return Optional.empty();
    }
    Map<String, String> said = new HashMap<>();
    Matcher comment = COMMENT.matcher(sql);
    while (comment.find()) {
      Matcher pair = PAIR.matcher(comment.group("said"));
      while (pair.find()) {
        String value = pair.group("quoted") != null ? pair.group("quoted") : pair.group("plain");
        said.putIfAbsent(pair.group("key").toLowerCase(Locale.ROOT), decoded(value));
      }
    }
    said.values().removeIf(String::isBlank);
    return request(said).map(TaskName::shortened);
  }

  private static Optional<String> request(Map<String, String> said) {
    Optional<String> route = Optional.ofNullable(said.get("route"));
    if (route.isPresent()) {
      String method = said.getOrDefault("method", said.getOrDefault("http_method", ""));
      return method.isEmpty() || WITH_METHOD.matcher(route.get()).matches()
          ? route
          : Optional.of(method.toUpperCase(Locale.ROOT) + " " + route.get());
    }
    Optional<String> controller = Optional.ofNullable(said.get("controller"));
    Optional<String> action = Optional.ofNullable(said.get("action"));
    return controller
        .map(name -> action.map(what -> name + "#" + what).orElse(name))
        .or(() -> action)
        .or(() -> Optional.ofNullable(said.get("job")));
  }

  private static String decoded(String value) {
    try {
      return URLDecoder.decode(
              value.replace("+", "%2B").replace("\\'", "'"), StandardCharsets.UTF_8)
          .strip();
    } catch (IllegalArgumentException e) {
      return value.strip();
    }
  }

  private static String shortened(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
  }
}
