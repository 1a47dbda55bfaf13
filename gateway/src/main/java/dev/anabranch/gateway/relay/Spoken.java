package dev.anabranch.gateway.relay;

import dev.anabranch.ledger.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What statements of a session mean by what it said in SQL before: the query that EXECUTE runs, and
 * the one that COPY … TO copies. What can't be told for sure is left as it is.
 */
final class Spoken {

  static final String NAME = "(?:\"(?:[^\"]|\"\")+\"|[\\p{L}_][\\p{L}\\p{N}_$]*)";
  private static final String START = "^(?:\\s|--[^\\n]*\\n|/\\*(?:[^*]|\\*(?!/))*\\*/)*";

  /** As libraries put it that say where a statement comes from. */
  private static final String COMMENTS = "(?:\\s++|--[^\\n]*+(?:\\n|$)|(?>/\\*.*?\\*/))*+";

  private static final Pattern PREPARE =
      Pattern.compile(
          START
              + "prepare\\s+(?<name>"
              + NAME
              + ")\\s*(?:\\((?<types>[^()]*)\\)\\s*)?as\\s+(?<query>.*)",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern EXECUTE =
      Pattern.compile(
          START + "execute\\s+(?<name>" + NAME + ")\\s*(?:\\((?<values>.*)\\))?" + COMMENTS,
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern VALUE =
      Pattern.compile(
          "\\G\\s*(?:'(?<text>(?:[^'\\\\]|'')*)'|(?<plain>[+-]?[0-9]+(?:\\.[0-9]+)?|true|false)|(?<null>null))\\s*(?:,|$)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern COPY_TABLE =
      Pattern.compile(
          START
              + "copy\\s+(?<table>"
              + NAME
              + "(?:\\s*\\.\\s*"
              + NAME
              + ")*)\\s*(?:\\((?<columns>[^()]*)\\)\\s*)?to\\s.*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern COPY_QUERY =
      Pattern.compile(START + "copy\\s*(?=\\()", Pattern.CASE_INSENSITIVE);

  /** Types by the names that they have in SQL. */
  private static final Map<String, Long> TYPES =
      Map.ofEntries(
          Map.entry("int", 23L),
          Map.entry("int4", 23L),
          Map.entry("integer", 23L),
          Map.entry("bigint", 20L),
          Map.entry("int8", 20L),
          Map.entry("smallint", 21L),
          Map.entry("int2", 21L),
          Map.entry("text", 25L),
          Map.entry("varchar", 1043L),
          Map.entry("numeric", 1700L),
          Map.entry("decimal", 1700L),
          Map.entry("boolean", 16L),
          Map.entry("bool", 16L),
          Map.entry("date", 1082L),
          Map.entry("timestamp", 1114L),
          Map.entry("timestamptz", 1184L),
          Map.entry("uuid", 2950L),
          Map.entry("jsonb", 3802L),
          Map.entry("json", 114L),
          Map.entry("bytea", 17L),
          Map.entry("real", 700L),
          Map.entry("float4", 700L),
          Map.entry("float8", 701L),
          Map.entry("double precision", 701L));

  private static final int MOST = 200;

  /** EXPLAIN ANALYZE CREATE TABLE AS. */
  private static final int DEEPEST = 2;

  private final Map<String, Prepared> prepared = new HashMap<>();

  /** What PREPARE gave a name. */
  private record Prepared(SqlStatement query, List<Long> types, Circumstances parsedUnder) {}

  /** PREPARE was done. */
  void prepared(Portal portal, boolean standardStrings) {
    Matcher prepare = PREPARE.matcher(portal.statement().text());
    if (!prepare.matches()) {
      // It may have given any name another meaning.
      prepared.clear();
      return;
    }
    String name = folded(prepare.group("name"));
    prepared.remove(name);
    Optional<List<Long>> types = types(prepare.group("types"));
    Optional<SqlStatement> query = one(prepare.group("query"), standardStrings);
    if (types.isPresent() && query.isPresent() && prepared.size() < MOST) {
      prepared.put(name, new Prepared(query.get(), types.get(), portal.circumstances()));
    }
  }

  /** Names may mean something else. */
  void forget() {
    prepared.clear();
  }

  /** A name means something else. */
  void forget(String name) {
    prepared.remove(name);
  }

  private static Optional<SqlStatement> one(String text, boolean standardStrings) {
    return SqlText.statements(text, standardStrings)
        .filter(found -> found.size() == 1)
        .map(List::getFirst);
  }

  private static String folded(String name) {
    return name.startsWith("\"")
        ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
        : name.toLowerCase(Locale.ROOT);
  }

  private static Optional<List<Long>> types(@Nullable String list) {
    if (list == null || list.isBlank()) {
      return Optional.of(List.of());
    }
    List<Long> types =
        List.of(list.split(",", -1)).stream()
            .map(name -> TYPES.getOrDefault(name.strip().toLowerCase(Locale.ROOT), 0L))
            .toList();
    return types.contains(0L) ? Optional.empty() : Optional.of(types);
  }

  /** What a statement that begins to run asks. */
  Portal meant(Portal portal, boolean standardStrings) {
    return switch (portal.statement().firstWord()) {
      case "execute" -> executed(portal);
      case "copy" ->
          copied(portal.statement().text(), standardStrings)
              .flatMap(query -> one(query, standardStrings))
              .map(portal::asking)
              .orElse(portal);
      default -> portal;
    };
  }

  /**
   * What a statement read of which it showed no row; empty for any other. Where it can't be told,
   * it is the statement itself, which can't be asked.
   */
  Optional<Portal> unshown(Portal portal, String tag, boolean standardStrings) {
    if (!Unshown.is(portal.statement(), tag, portal.result().isPresent())) {
      return Optional.empty();
    }
    Portal inside = portal;
    for (int level = 0; level < DEEPEST && inside.statement().hidesQuery(); level++) {
      Optional<SqlStatement> query =
          Unshown.query(inside.statement(), standardStrings)
              .flatMap(text -> one(text, standardStrings));
      if (query.isEmpty()) {
        break;
      }
      inside = inside.asking(query.get().withTrace(portal.statement().trace()));
    }
    Portal meant = inside.statement().firstWord().equals("execute") ? executed(inside) : inside;
    boolean mayWrite =
        portal.statement().firstWord().equals("explain") && !meant.statement().plainlyReads();
    return mayWrite ? Optional.empty() : Optional.of(meant);
  }

  private Portal executed(Portal portal) {
    Matcher execute = EXECUTE.matcher(portal.statement().text());
    if (!execute.matches() || !portal.parameters().isEmpty()) {
      return portal;
    }
    Prepared found = prepared.get(folded(execute.group("name")));
    if (found == null) {
      return portal;
    }
    return values(execute.group("values"), found.types())
        .map(values ->
            portal
                .asking(found.query().withTrace(portal.statement().trace()))
                .given(values, found.parsedUnder().runUnder(portal.circumstances())))
        .orElse(portal);
  }

  /** Only literals; what else there may be has a meaning of its own. */
  private static Optional<List<Parameter>> values(@Nullable String list, List<Long> types) {
    List<Parameter> values = new ArrayList<>();
    if (list != null && !list.isBlank()) {
      Matcher value = VALUE.matcher(list);
      int end = 0;
      while (end < list.length() && value.find()) {
        long type = values.size() < types.size() ? types.get(values.size()) : 0;
        values.add(new Parameter(type, text(value), true));
        end = value.end();
      }
      if (end < list.length()) {
        return Optional.empty();
      }
    }
    return types.isEmpty() || types.size() == values.size()
        ? Optional.of(values)
        : Optional.empty();
  }

  private static Optional<String> text(Matcher value) {
    String quoted = value.group("text");
    return quoted != null
        ? Optional.of(quoted.replace("''", "'"))
        : Optional.ofNullable(value.group("plain"));
  }

  /** The query whose rows are copied. */
  private static Optional<String> copied(String text, boolean standardStrings) {
    Matcher query = COPY_QUERY.matcher(text);
    if (query.find()) {
      return SqlText.parenthesised(text, query.end(), standardStrings);
    }
    Matcher table = COPY_TABLE.matcher(text);
    return table.matches()
        ? Optional.of(
            "SELECT "
                + Optional.ofNullable(table.group("columns")).orElse("*")
                + " FROM ONLY "
                + table.group("table"))
        : Optional.empty();
  }
}
