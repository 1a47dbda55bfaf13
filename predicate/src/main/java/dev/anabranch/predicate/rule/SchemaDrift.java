package dev.anabranch.predicate.rule;

import dev.anabranch.base.TableId;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What happened to definitions between two snapshots of the same database.
 *
 * @param then the earlier one
 * @param now the later one
 */
public record SchemaDrift(SchemaSnapshot then, SchemaSnapshot now) {

  /**
   * A relation of the set, or of what inherits from it, whose definition or storage is not the same
   * any more.
   */
  public Optional<String> among(Set<TableId> relations) {
    if (!then.routinesFingerprint().equals(now.routinesFingerprint())) {
      return Optional.of("functions, operators or types were changed");
    }
    for (TableId table : family(relations)) {
      Relation before = then.relations().get(table);
      Relation after = now.relations().get(table);
      if (before == null || after == null) {
        return Optional.of("a relation was created or dropped");
      }
      if (!before.fingerprint().equals(after.fingerprint())
          || !before.children().equals(after.children())) {
        return Optional.of(before.shape().qualifiedName() + " was altered, rewritten or emptied");
      }
      String name = before.shape().name();
      if (!Objects.equals(then.namesFingerprint().get(name), now.namesFingerprint().get(name))) {
        return Optional.of("another relation named " + name + " came or went");
      }
    }
    return Optional.empty();
  }

  /** Whether somebody sees something else of these relations now than then. */
  public Optional<String> rights(Set<String> eyes, Set<TableId> relations) {
    Set<Long> family = family(relations).stream().map(TableId::oid).collect(Collectors.toSet());
    return then.rights()
        .moved(eyes, family, now.rights())
        .map(role -> "what " + role + " may see was changed");
  }

  /** Relations of the earlier snapshot that are not the same any more. */
  public Set<TableId> altered() {
    Set<TableId> altered = new HashSet<>();
    then.relations()
        .forEach((table, before) -> {
          Relation after = now.relations().get(table);
          if (after == null || !before.fingerprint().equals(after.fingerprint())) {
            altered.add(table);
          }
        });
    return altered;
  }

  /** The relations, their inheritance children and partitions, at both moments. */
  private Set<TableId> family(Set<TableId> relations) {
    Set<TableId> all = new HashSet<>(descendants(then, relations));
    all.addAll(descendants(now, relations));
    return all;
  }

  /** The relations and all that inherit from them. */
  public static Set<TableId> descendants(SchemaSnapshot schema, Set<TableId> relations) {
    return schema.withDescendants(relations);
  }
}
