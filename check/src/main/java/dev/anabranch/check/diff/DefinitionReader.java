package dev.anabranch.check.diff;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is defined in a database, by what it is known by whatever it is called: a branch
 * and the copy of its fork point have the same numbers for the same things, so that another name is
 * another name, and not one thing that went and another that came.
 */
record DefinitionReader(Map<String, Defined> definitions) {

  /** A right that everybody has to what is new. */
  private static final String BY_DEFAULT = "default grant";

  /**
   * One thing that is defined.
   *
   * @param text as it would be made
   * @param beside its definition where it is there on both sides, if that is another one
   * @param partOf what it goes with, which tells of it when that comes or goes
   */
  private record Defined(
      String kind, String name, String text, Optional<String> beside, Optional<String> partOf) {

    /** Whether nobody has to be told of it where what it is a part of is new. */
    boolean comesAlong() {
      return kind.equals("column") || kind.equals(BY_DEFAULT);
    }

    String asPart() {
      return beside.orElse(text);
    }
  }

  /** Reads all in one snapshot. The connection is rolled back. */
  static DefinitionReader read(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
      statement.execute("SET LOCAL search_path = ''");
      Map<String, Defined> definitions = new LinkedHashMap<>();
      for (String query : CatalogDefinitions.ALL) {
        try (ResultSet row = statement.executeQuery(query)) {
          Map<String, Defined> found = new HashMap<>();
          while (row.next()) {
            found.put(row.getString(2), defined(row));
          }
          found.entrySet().stream()
              .sorted(Comparator.comparing(entry -> entry.getValue().name()))
              .forEach(entry -> definitions.put(entry.getKey(), entry.getValue()));
        }
      }
      return new DefinitionReader(definitions);
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private static Defined defined(ResultSet row) throws SQLException {
    return new Defined(
        row.getString(1),
        row.getString(3),
        row.getString(4).strip(),
        text(row, 5).map(String::strip),
        text(row, 6));
  }

  private static Optional<String> text(ResultSet row, int column) throws SQLException {
    @Nullable String text = row.getString(column);
    return Optional.ofNullable(text);
  }

  /** What is otherwise in a later state of the same database. */
  List<SchemaChange> changesTo(DefinitionReader later) {
    List<SchemaChange> changes = new ArrayList<>();
    Set<String> all = new LinkedHashSet<>(later.definitions.keySet());
    all.addAll(definitions.keySet());
    for (String identity : all) {
      Optional<Defined> before = Optional.ofNullable(definitions.get(identity));
      Optional<Defined> after = Optional.ofNullable(later.definitions.get(identity));
      if (before.isPresent() && after.isPresent()) {
        String was = before.get().asPart();
        String is = after.get().asPart();
        if (!was.equals(is)) {
          changes.add(change(after.get(), Optional.of(was), Optional.of(is)));
        }
      } else if (before.isPresent() && !isGone(before.get(), later)) {
        changes.add(change(before.get(), Optional.of(before.get().text()), Optional.empty()));
      } else if (after.isPresent() && !(after.get().comesAlong() && isGone(after.get(), this))) {
        changes.add(change(after.get(), Optional.empty(), Optional.of(after.get().text())));
      }
    }
    return changes;
  }

  /** Whether what it goes with is not there, and tells of it. */
  private static boolean isGone(Defined defined, DefinitionReader other) {
    return defined.partOf().filter(whole -> !other.definitions.containsKey(whole)).isPresent();
  }

  private static SchemaChange change(
      Defined defined, Optional<String> before, Optional<String> after) {
    String kind = defined.kind().equals(BY_DEFAULT) ? "grant" : defined.kind();
    return new SchemaChange(kind, defined.name(), before, after);
  }
}
