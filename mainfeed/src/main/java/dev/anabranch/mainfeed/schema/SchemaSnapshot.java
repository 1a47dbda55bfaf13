package dev.anabranch.mainfeed.schema;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What a database's catalogs say about everything a statement's meaning rests on, so that two
 * snapshots of physical relatives can be compared by identity: catalog rows by OID and {@code
 * xmin}, storage by {@code relfilenode}.
 *
 * <p>An equal fingerprint means: no DDL, no rewrite, no TRUNCATE on that relation between the two.
 * Unequal fingerprints mean nothing more than "look again".
 *
 * @param asOf every commit at or below it is seen
 * @param relations by relation
 * @param namesFingerprint by relation name: which relations in which schemas bear it (a new one may
 *     shadow an old one)
 * @param routinesFingerprint all user-defined functions, operators, casts, types, collations and
 *     their owners' settings
 * @param definitions each user-defined one of these by itself
 * @param builtinsFingerprint those that initdb made, which can be altered too, and the settings of
 *     the database and its roles
 * @param rights what roles may see
 * @param sequences how far each has run: every value at or below it (of an ascending one) has been
 *     given out or skipped
 * @param guards by table, what looks at the rows that are written to it: {@code trigger NAME},
 *     {@code policy NAME}, {@code row security} and {@code rights}, each with the version of its
 *     definition
 * @param serverVersionNumber such as 180006
 */
public record SchemaSnapshot(
    Lsn asOf,
    Map<TableId, Relation> relations,
    Map<String, String> namesFingerprint,
    String routinesFingerprint,
    List<Definition> definitions,
    String builtinsFingerprint,
    Rights rights,
    Map<TableId, Long> sequences,
    Map<TableId, Map<String, String>> guards,
    int serverVersionNumber) {

  /** The same, with some sequences elsewhere. */
  public SchemaSnapshot withSequences(Map<TableId, Long> others) {
    if (others.isEmpty()) {
      return this;
    }
    Map<TableId, Long> all = new HashMap<>(sequences);
    all.putAll(others);
    return new SchemaSnapshot(
        asOf,
        relations,
        namesFingerprint,
        routinesFingerprint,
        definitions,
        builtinsFingerprint,
        rights,
        all,
        guards,
        serverVersionNumber);
  }

  /**
   * @param shape its stored columns
   * @param kind {@code pg_class.relkind}
   * @param persistence {@code pg_class.relpersistence}
   * @param fingerprint changes with its catalog rows, storage, columns, constraints, indexes'
   *     uniqueness, policies, rules, triggers and place in the feed's publication
   * @param children inheritance children and partitions, direct ones
   * @param generatedColumns numbers of generated columns (not in the shape)
   * @param columnFacts by column number
   * @param quiet writing to it runs no code of the user's: no enabled trigger, no rule, no check
   *     and no generated column that calls a user-defined function
   * @param alone no foreign key makes other tables follow what is deleted from it or renamed in it
   * @param followed the columns that such foreign keys refer to
   * @param facets what the fingerprint is made of, by what it is about, columns left out
   * @param columnVersions by number, each changing with the column's catalog row
   * @param refreshedWhole every refresh gives it a new storage, so that the fingerprint tells
   * @param references its own foreign keys
   * @param generators by column number, the sequence that makes its values
   * @param uniques what may refuse a row because of another one
   */
  public record Relation(
      TableShape shape,
      char kind,
      char persistence,
      String fingerprint,
      Set<TableId> children,
      Set<Integer> generatedColumns,
      Map<Integer, ColumnFacts> columnFacts,
      boolean quiet,
      boolean alone,
      Set<Integer> followed,
      Map<String, String> facets,
      Map<Integer, String> columnVersions,
      boolean refreshedWhole,
      List<Reference> references,
      Map<Integer, TableId> generators,
      List<Unique> uniques) {

    /** Snapshots that were kept by an earlier version say less: nothing is equal to that. */
    public Relation {
      followed = Objects.requireNonNullElse(followed, Set.of());
      facets = Objects.requireNonNullElse(facets, Map.of());
      columnVersions = Objects.requireNonNullElse(columnVersions, Map.of());
      references = Objects.requireNonNullElse(references, List.of());
      generators = Objects.requireNonNullElse(generators, Map.of());
      uniques = Objects.requireNonNullElse(uniques, List.of());
    }
  }

  /**
   * A unique index, or an exclusion constraint.
   *
   * @param columns the numbers of the columns that it compares; 0 stands for an expression
   * @param read all columns that it looks at
   * @param byColumns whether rows that differ in one of the columns, or have NULL there, never meet
   */
  public record Unique(List<Integer> columns, Set<Integer> read, boolean byColumns) {
    public Unique {
      columns = List.copyOf(columns);
      read = Set.copyOf(read);
    }
  }

  /**
   * A foreign key.
   *
   * @param columns the numbers of the columns that name a row
   * @param parent the table of that row
   * @param parentColumns by which numbers of columns of its
   */
  public record Reference(List<Integer> columns, TableId parent, List<Integer> parentColumns) {
    public Reference {
      columns = List.copyOf(columns);
      parentColumns = List.copyOf(parentColumns);
    }
  }

  /** The same, said to be of another position. */
  public SchemaSnapshot at(Lsn position) {
    return asOf(position, sequences);
  }

  /** Whether all is defined as in another, wherever sequences stand. */
  public boolean isDefinedAs(SchemaSnapshot other) {
    return equals(other.asOf(asOf, sequences));
  }

  /** The same definitions at another position. */
  SchemaSnapshot asOf(Lsn position, Map<TableId, Long> sequencesThen) {
    return new SchemaSnapshot(
        position,
        relations,
        namesFingerprint,
        routinesFingerprint,
        definitions,
        builtinsFingerprint,
        rights,
        sequencesThen,
        guards,
        serverVersionNumber);
  }

  /** The relations and all that inherit from them, partitions included. */
  public Set<TableId> withDescendants(Set<TableId> named) {
    Set<TableId> all = new HashSet<>();
    named.forEach(relation -> gather(relation, all));
    return all;
  }

  private void gather(TableId table, Set<TableId> all) {
    Relation relation = relations.get(table);
    if (all.add(table) && relation != null) {
      relation.children().forEach(child -> gather(child, all));
    }
  }

  /**
   * @param notNull declared NOT NULL
   * @param collationDeterministic false for non-deterministic collations
   * @param collationIsC "C", "POSIX" or a builtin C collation, whose order is the order of UTF-8
   *     bytes
   * @param ownedSequence the sequence behind a serial or identity column, as {@code schema.name}
   *     quoted, or empty
   */
  public record ColumnFacts(
      boolean notNull,
      boolean collationDeterministic,
      boolean collationIsC,
      String ownedSequence) {}
}
