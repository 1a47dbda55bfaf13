package dev.anabranch.server.http;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.Durations;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.branch.BranchRequest;
import dev.anabranch.branch.Lifetime;
import dev.anabranch.branch.TaskBy;
import dev.anabranch.branch.golden.BranchPoint;
import dev.anabranch.branch.history.PastPoint;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSON request body being read. Mistakes are collected, one sentence each, and reported together;
 * a lone mistake keeps its own {@link ErrorCode}.
 */
final class RequestBody {

  /** A field that is there twice says two things. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final int LONGEST_OWNER = 200;

  private final JsonNode body;
  private final List<AnabranchException> mistakes = new ArrayList<>();

  private RequestBody(JsonNode body) {
    this.body = body;
  }

  static BranchRequest branchRequest(String text, Instant now) {
    RequestBody body = parse(text, ApiBodies.NewBranch.class);
    Optional<BranchName> name =
        body.required("name").flatMap(n -> body.attempt(() -> new BranchName(n)));
    Optional<Lifetime> lifetime = body.attempt(() -> body.lifetime(now));
    Optional<BranchPoint> point =
        body.text("at")
            .map(t -> body.attempt(() -> point(t)))
            .orElse(Optional.of(new BranchPoint.Now()));
    Optional<BranchName> parent =
        body.text("from").flatMap(n -> body.attempt(() -> new BranchName(n)));
    Optional<String> role = body.text("role");
    boolean ephemeral = body.flag("ephemeral");
    String owner = body.text("owner").orElse("");
    if (owner.length() > LONGEST_OWNER) {
      body.mistakes.add(
          invalid("The field 'owner' is longer than " + LONGEST_OWNER + " characters."));
    }
    boolean isProtected = body.flag("protected");
    Optional<TaskBy> taskBy = body.text("taskBy").flatMap(body::taskBy);
    body.finish();
    return new BranchRequest(
        name.orElseThrow(),
        lifetime.orElseThrow(),
        point.orElseThrow(),
        parent,
        role,
        ephemeral,
        owner,
        "",
        isProtected,
        taskBy.orElse(TaskBy.WINDOW));
  }

  private Optional<TaskBy> taskBy(String word) {
    Optional<TaskBy> by = TaskBy.of(word);
    if (by.isEmpty()) {
      mistakes.add(
          invalid(
              "The field 'taskBy' is '" + word + "': say window, session, transaction or branch."));
    }
    return by;
  }

  /**
   * How a deleted branch comes back.
   *
   * @param as its name from now on
   * @param lifetime empty: as long as it would have lived
   */
  record Undelete(BranchName as, Optional<Lifetime> lifetime) {}

  static Undelete undeleteRequest(BranchName name, String text, Instant now) {
    RequestBody body = parse(text, ApiBodies.Undelete.class);
    Optional<BranchName> as =
        body.text("as").map(n -> body.attempt(() -> new BranchName(n))).orElse(Optional.of(name));
    boolean same = Set.of("ttl", "expireTime", "noExpiry").stream().noneMatch(body.body::has);
    Optional<Lifetime> lifetime = same ? Optional.empty() : body.attempt(() -> body.lifetime(now));
    body.finish();
    return new Undelete(as.orElseThrow(), lifetime);
  }

  static BranchName newName(String text) {
    RequestBody body = parse(text, ApiBodies.Rename.class);
    Optional<BranchName> name =
        body.required("to").flatMap(n -> body.attempt(() -> new BranchName(n)));
    body.finish();
    return name.orElseThrow();
  }

  static Optional<BranchPoint> resetPoint(String text) {
    RequestBody body = parse(text, ApiBodies.Reset.class);
    Optional<BranchPoint> point = body.text("at").flatMap(t -> body.attempt(() -> point(t)));
    body.text("work");
    body.finish();
    return point;
  }

  static PastPoint restorePoint(String text) {
    RequestBody body = parse(text, ApiBodies.Restore.class);
    Optional<PastPoint> point =
        body.required("to").flatMap(t -> body.attempt(() -> PastPoint.parse(t)));
    body.text("work");
    body.finish();
    return point.orElseThrow();
  }

  /** What a caller was told would be lost, of a body that has been read. */
  static Optional<String> work(String text) {
    RequestBody body = parse(text, ApiBodies.Restore.class);
    return body.text("work");
  }

  static boolean force(String text) {
    RequestBody body = parse(text, ApiBodies.Release.class);
    boolean force = body.flag("force");
    body.finish();
    return force;
  }

  static String table(String text) {
    RequestBody body = parse(text, ApiBodies.WatchedTable.class);
    Optional<String> table = body.required("table");
    body.finish();
    return table.orElseThrow();
  }

  /** The parser says where a text began by a source that nobody gave a name. */
  private static String withoutSource(String message) {
    int source = message.indexOf(" (start marker at ");
    return source < 0 ? message : message.substring(0, source);
  }

  /**
   * A request's body. JSON is UTF-8 whatever its header says (RFC 8259, section 8.1).
   *
   * @throws AnabranchException REQUEST_INVALID when not all of it came
   */
  static String text(Context context) {
    try {
      return new String(context.bodyAsBytes(), StandardCharsets.UTF_8);
    } catch (Exception e) {
      // It is not declared to throw what it throws.
      if (e instanceof IOException) {
        throw new AnabranchException(
            ErrorCode.REQUEST_INVALID, e, "The request's body did not come whole.");
      }
      throw e;
    }
  }

  /** A body that may have what this record has, and nothing else. */
  static RequestBody parse(String text, Class<? extends Record> fields) {
    return parse(text, ApiBodies.fields(fields));
  }

  static RequestBody parse(String text, Set<String> known) {
    JsonNode node;
    try {
      node = text.isBlank() ? JSON.createObjectNode() : JSON.readTree(text);
    } catch (JacksonException e) {
      throw invalid("The request's body is no JSON: " + withoutSource(e.getOriginalMessage()));
    }
    if (!node.isObject()) {
      throw invalid("The request's body must be a JSON object.");
    }
    if (hasNul(node)) {
      throw invalid("The request's body has a NUL character in a text, which Postgres can't keep.");
    }
    RequestBody body = new RequestBody(node);
    node.propertyNames().stream()
        .filter(field -> !known.contains(field))
        .sorted()
        .forEach(field ->
            body.mistakes.add(
                invalid(
                    "There is no field '"
                        + field
                        + "': there are "
                        + String.join(", ", known.stream().sorted().toList())
                        + ".")));
    return body;
  }

  private static boolean hasNul(JsonNode node) {
    return node.isString()
        ? node.asString().indexOf('\0') >= 0
        : node.values().stream().anyMatch(RequestBody::hasNul)
            || (node.isObject()
                && node.propertyNames().stream().anyMatch(name -> name.indexOf('\0') >= 0));
  }

  /** Reports what was wrong with it. */
  void finish() {
    if (mistakes.size() == 1) {
      throw mistakes.getFirst();
    }
    if (!mistakes.isEmpty()) {
      throw invalid(String.join(" ", mistakes.stream().map(Throwable::getMessage).toList()));
    }
  }

  <T> Optional<T> attempt(Supplier<T> reading) {
    try {
      return Optional.of(reading.get());
    } catch (AnabranchException e) {
      mistakes.add(e);
      return Optional.empty();
    }
  }

  /** A list of objects, each read by itself. */
  <T> List<T> each(String field, Function<JsonNode, T> reading) {
    JsonNode node = body.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return List.of();
    }
    if (!node.isArray()) {
      mistakes.add(invalid("The field '" + field + "' must be a list."));
      return List.of();
    }
    List<T> all = new ArrayList<>();
    node.forEach(one -> attempt(() -> reading.apply(one)).ifPresent(all::add));
    return all;
  }

  /** Something else that is wrong with it. */
  void mistake(String sentence) {
    mistakes.add(invalid(sentence));
  }

  Optional<String> required(String field) {
    Optional<String> text = text(field);
    if (text.isEmpty()) {
      mistakes.add(invalid("The field '" + field + "' is missing."));
    }
    return text;
  }

  Optional<String> text(String field) {
    JsonNode node = body.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return Optional.empty();
    }
    if (!node.isString()) {
      mistakes.add(invalid("The field '" + field + "' must be a text."));
      return Optional.empty();
    }
    return Optional.of(node.stringValue());
  }

  boolean flag(String field) {
    JsonNode node = body.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return false;
    }
    if (!node.isBoolean()) {
      mistakes.add(invalid("The field '" + field + "' must be true or false."));
      return false;
    }
    return node.booleanValue();
  }

  Set<String> texts(String field) {
    return Set.copyOf(list(field));
  }

  /** A list of texts, in its order. */
  List<String> list(String field) {
    JsonNode node = body.path(field);
    List<String> texts = new ArrayList<>();
    boolean fine = node.isMissingNode() || node.isNull() || node.isArray();
    for (JsonNode text : node) {
      fine &= text.isString();
      texts.add(text.asString(""));
    }
    if (!fine) {
      mistakes.add(invalid("The field '" + field + "' must be a list of texts."));
    }
    return texts;
  }

  Set<Long> numbers(String field) {
    JsonNode node = body.path(field);
    Set<Long> numbers = new HashSet<>();
    boolean fine = node.isMissingNode() || node.isNull() || node.isArray();
    for (JsonNode number : node) {
      fine &= number.isIntegralNumber() && number.canConvertToLong();
      numbers.add(number.asLong(0));
    }
    if (!fine) {
      mistakes.add(
          invalid("The field '" + field + "' must be a list of answers' ids, such as [17]."));
    }
    return numbers;
  }

  private Lifetime lifetime(Instant now) {
    Optional<String> ttl = text("ttl");
    Optional<String> expireTime = text("expireTime");
    boolean noExpiry = flag("noExpiry");
    int given = (ttl.isPresent() ? 1 : 0) + (expireTime.isPresent() ? 1 : 0) + (noExpiry ? 1 : 0);
    if (given != 1) {
      throw lifetimeInvalid(
          given == 0 ? "No lifetime was given" : "More than one lifetime was given");
    }
    if (noExpiry) {
      return new Lifetime.NoExpiry();
    }
    Instant end = ttl.map(t -> end(t, now)).orElseGet(() -> moment(expireTime.orElseThrow()));
    if (!end.isAfter(now)) {
      throw lifetimeInvalid("A branch that ends at " + end + " would be over already");
    }
    return new Lifetime.Until(end);
  }

  private static Instant end(String ttl, Instant now) {
    Duration duration =
        Durations.parse(ttl)
            .orElseThrow(() ->
                lifetimeInvalid("'" + ttl + "' is no time to live (such as 90m, 12h, 3d or 4w)"));
    return now.plus(duration);
  }

  private static Instant moment(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw lifetimeInvalid("'" + text + "' is no time");
    }
  }

  private static BranchPoint point(String text) {
    if (text.equals("now")) {
      return new BranchPoint.Now();
    }
    if (text.equals("latest")) {
      return new BranchPoint.Latest();
    }
    try {
      return text.contains("/")
          ? new BranchPoint.AtLsn(Lsn.parse(text))
          : new BranchPoint.AtTime(OffsetDateTime.parse(text).toInstant());
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new AnabranchException(ErrorCode.BRANCH_POINT_INVALID, e, text);
    }
  }

  private static AnabranchException lifetimeInvalid(String what) {
    return new AnabranchException(ErrorCode.BRANCH_LIFETIME_INVALID, what);
  }

  static AnabranchException invalid(String sentence) {
    return new AnabranchException(ErrorCode.REQUEST_INVALID, sentence);
  }
}
