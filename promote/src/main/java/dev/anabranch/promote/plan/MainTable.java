package dev.anabranch.promote.plan;

import dev.anabranch.base.Column;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A table of main as its catalogs have it when a promotion is planned.
 *
 * @param shape its stored columns
 * @param types each column's type as SQL reads it, without a length
 * @param domains what a column of a domain has below all of its domains
 * @param loose the columns in which values are equal, or may be, whose texts are not
 * @param uniques column sets that are unique (plain, not partial)
 * @param indexed the columns that a unique index or an exclusion constraint looks at
 * @param deferred its deferrable keys and unique constraints
 * @param equalities the operator by which a unique index compares a column
 * @param generators the sequence behind a column
 * @param references foreign keys in which it is the child
 * @param referencedBy foreign keys in which it, or the partitioned table it is a part of, is the
 *     parent
 * @param triggers the user's triggers on it that an ordinary write fires, and the commands that do,
 *     such as INSERT; landing rows fires none
 * @param obstacles why nothing can be folded back into it, each a clause such as "it has rules"
 */
public record MainTable(
    TableShape shape,
    Map<Integer, String> types,
    Map<Integer, Long> domains,
    Set<Integer> loose,
    Set<Set<Integer>> uniques,
    Set<Integer> indexed,
    List<DeferredUnique> deferred,
    Map<Integer, String> equalities,
    Map<Integer, Generator> generators,
    List<ForeignKey> references,
    List<ForeignKey> referencedBy,
    Map<String, Set<String>> triggers,
    List<String> obstacles) {

  public MainTable {
    types = Map.copyOf(types);
    domains = Map.copyOf(domains);
    loose = Set.copyOf(loose);
    uniques = Set.copyOf(uniques);
    indexed = Set.copyOf(indexed);
    deferred = List.copyOf(deferred);
    equalities = Map.copyOf(equalities);
    generators = Map.copyOf(generators);
    references = List.copyOf(references);
    referencedBy = List.copyOf(referencedBy);
    triggers = Map.copyOf(triggers);
    obstacles = List.copyOf(obstacles);
  }

  /** The same with more reasons why nothing can be folded back into it. */
  public MainTable with(List<String> more) {
    List<String> all = new ArrayList<>(obstacles);
    all.addAll(more);
    return new MainTable(
        shape,
        types,
        domains,
        loose,
        uniques,
        indexed,
        deferred,
        equalities,
        generators,
        references,
        referencedBy,
        triggers,
        all);
  }

  public TableId id() {
    return shape.id();
  }

  public Optional<Column> column(int number) {
    int place = shape.indexOf(number);
    return place < 0 ? Optional.empty() : Optional.of(shape.columns().get(place));
  }

  /**
   * A column's type, that of its values where it is a domain; empty where there is no such column.
   */
  Optional<Long> typeOf(int number) {
    return column(number).map(column -> domains.getOrDefault(number, column.typeOid()));
  }

  /** Whether rows have all of these columns themselves; the others are computed by main. */
  public boolean stores(List<Integer> columns) {
    return columns.stream().allMatch(number -> column(number).isPresent());
  }

  /** A column's name, or its number where main has no such column. */
  public String columnName(int number) {
    return column(number).map(Column::name).orElse("#" + number);
  }

  /** A key, column name to text. */
  public Map<String, String> named(List<Integer> columns, Key key) {
    Map<String, String> named = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      named.put(columnName(columns.get(i)), key.values().get(i));
    }
    return named;
  }

  /** The numbers of columns given by name, empty when one is missing. */
  public Optional<List<Integer>> numbersOf(List<String> names) {
    List<Integer> numbers =
        names.stream()
            .flatMap(name -> shape.columns().stream().filter(column -> column.name().equals(name)))
            .map(Column::number)
            .toList();
    return numbers.size() == names.size() ? Optional.of(numbers) : Optional.empty();
  }

  /** Whether two readings differ in nothing but how far sequences have run. */
  public boolean sameDefinitionAs(MainTable other) {
    return shape.equals(other.shape)
        && types.equals(other.types)
        && domains.equals(other.domains)
        && loose.equals(other.loose)
        && uniques.equals(other.uniques)
        && indexed.equals(other.indexed)
        && deferred.equals(other.deferred)
        && equalities.equals(other.equalities)
        && references.equals(other.references)
        && referencedBy.equals(other.referencedBy)
        && triggers.equals(other.triggers)
        && obstacles.equals(other.obstacles);
  }
}
