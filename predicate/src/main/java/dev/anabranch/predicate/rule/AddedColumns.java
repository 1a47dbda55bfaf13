package dev.anabranch.predicate.rule;

import dev.anabranch.base.TableId;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import dev.anabranch.predicate.footprint.Columns;
import dev.anabranch.predicate.footprint.Traits;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a statement has to do with columns that one side alone has added: the branch, when it is
 * asked of what drifted there. Tells why; whether it is concerned {@link SchemaDrift} decides.
 *
 * @param drift of the side that added them
 */
public record AddedColumns(SchemaDrift drift) {

  /**
   * A clause about the first table of which nothing but columns that were added can be meant; empty
   * where there is none.
   *
   * @param read the columns that the statement reads of each table; of others, all
   */
  public Optional<String> why(Traits traits, Map<TableId, Columns> read) {
    return traits.relations().stream()
        .flatMap(table -> why(table, traits, read).stream())
        .min(Comparator.naturalOrder());
  }

  private Optional<String> why(TableId table, Traits traits, Map<TableId, Columns> read) {
    Relation before = drift.then().relations().get(table);
    Relation after = drift.now().relations().get(table);
    if (before == null || after == null || !onlyAdded(before, after)) {
      return Optional.empty();
    }
    Set<Integer> added = new TreeSet<>(after.columnVersions().keySet());
    added.removeAll(before.columnVersions().keySet());
    if (added.isEmpty()) {
      return Optional.empty();
    }
    String name = before.shape().qualifiedName();
    String names =
        added.stream().map(number -> name(after, number)).collect(Collectors.joining(", "));
    if (traits.writes().filter(writes -> writes.targets().contains(table)).isPresent()) {
      return Optional.of("it writes to " + name + ", to which " + names + " was added");
    }
    if (traits.mentions().rows().contains(table) || traits.mentions().wholeRows()) {
      return Optional.of("it shows whole rows of " + name + ", to which " + names + " was added");
    }
    boolean reads =
        read.getOrDefault(table, new Columns.All()) instanceof Columns.Some(var some)
            && some.stream().anyMatch(added::contains);
    boolean named =
        added.stream().map(number -> name(after, number)).anyMatch(traits.mentions()::names);
    if (named) {
      return Optional.of("it names " + names + ", which was added to " + name);
    }
    return reads || traits.mentions().star()
        ? Optional.of("it shows all columns of " + name + ", to which " + names + " was added")
        : Optional.empty();
  }

  private static boolean onlyAdded(Relation before, Relation after) {
    return before.columnVersions().entrySet().stream()
            .allMatch(column ->
                Objects.equals(after.columnVersions().get(column.getKey()), column.getValue()))
        && before.shape().qualifiedName().equals(after.shape().qualifiedName());
  }

  private static String name(Relation relation, int number) {
    String version = relation.columnVersions().getOrDefault(number, "");
    int end = version.lastIndexOf(' ');
    return end < 0 ? "a column" : version.substring(0, end);
  }
}
