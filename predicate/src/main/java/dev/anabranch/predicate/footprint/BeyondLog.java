package dev.anabranch.predicate.footprint;

import dev.anabranch.base.TableId;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What can be written that is not read from a log as rows: unlogged and foreign tables, and large
 * objects. A transaction that wrote such a thing is known by half.
 */
public final class BeyondLog {

  /** {@code pg_largeobject}, which every routine for large objects locks. */
  public static final TableId LARGE_OBJECTS = new TableId(2613);

  private static final Pattern WRITES_LARGE_OBJECTS =
      Pattern.compile("lo_(put|from_bytea|creat|create|import|unlink|truncate(64)?)|lowrite");

  private BeyondLog() {}

  static boolean writesLargeObjects(String function) {
    return WRITES_LARGE_OBJECTS.matcher(function).matches();
  }

  /** Why rows of one of these tables are not in the log, as a clause that begins with its name. */
  public static Optional<String> oneOf(SchemaSnapshot schema, Set<TableId> tables) {
    return tables.stream()
        .flatMap(table -> Optional.ofNullable(schema.relations().get(table)).stream())
        .flatMap(relation -> why(relation).stream())
        .sorted()
        .findFirst();
  }

  private static Optional<String> why(Relation relation) {
    String name = relation.shape().qualifiedName();
    if (relation.kind() == 'f') {
      return Optional.of(name + ", which is a foreign table");
    }
    return relation.persistence() == 'u'
        ? Optional.of(name + ", which is unlogged")
        : Optional.empty();
  }
}
