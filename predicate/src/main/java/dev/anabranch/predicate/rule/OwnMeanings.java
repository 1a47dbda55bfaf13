package dev.anabranch.predicate.rule;

import dev.anabranch.base.TableId;
import dev.anabranch.mainfeed.schema.Definition;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import dev.anabranch.predicate.footprint.Traits;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What names mean on a branch and not on main: its own text of a view or a policy, its own relation
 * under a name of main's, its own routine or operator beside those of main of the same name. What
 * is new under a name of its own is none of these.
 */
public final class OwnMeanings {

  private static final List<String> ON_ROWS = List.of("policy", "rule");

  private final Set<TableId> relations = new HashSet<>();
  private final Set<Definition> beside;

  /**
   * @param onBranch the branch's own definitions, since the fork point
   */
  public OwnMeanings(SchemaDrift onBranch) {
    Map<String, TableId> names = new HashMap<>();
    onBranch
        .then()
        .relations()
        .forEach((table, relation) -> names.put(relation.shape().qualifiedName(), table));
    onBranch
        .now()
        .relations()
        .forEach((table, after) -> {
          Relation before = onBranch.then().relations().get(table);
          boolean another = !names.getOrDefault(after.shape().qualifiedName(), table).equals(table);
          boolean guarded =
              before != null
                  && !Objects.equals(
                      rowSecurity(onBranch.then().guards(), table),
                      rowSecurity(onBranch.now().guards(), table));
          if (another || guarded || (before != null && isSeenOtherwise(before, after))) {
            relations.add(table);
          }
        });
    this.beside = beside(onBranch);
  }

  private static Optional<String> rowSecurity(
      Map<TableId, Map<String, String>> guards, TableId table) {
    return Optional.ofNullable(guards.getOrDefault(table, Map.of()).get("row security"));
  }

  private static boolean isSeenOtherwise(Relation before, Relation after) {
    return switch (after.kind()) {
      case 'v' ->
          differs(before, after, List.of("rule", "class")) || differInColumns(before, after);
      case 'm' -> !before.fingerprint().equals(after.fingerprint());
      default -> differs(before, after, ON_ROWS);
    };
  }

  private static boolean differs(Relation before, Relation after, List<String> facets) {
    return facets.stream()
        .anyMatch(facet -> !Objects.equals(before.facets().get(facet), after.facets().get(facet)));
  }

  private static boolean differInColumns(Relation before, Relation after) {
    return !before.columnVersions().equals(after.columnVersions());
  }

  private static Set<Definition> beside(SchemaDrift onBranch) {
    Set<Definition.Kind> named = Set.of(Definition.Kind.ROUTINE, Definition.Kind.OPERATOR);
    Set<List<Object>> known =
        onBranch.then().definitions().stream()
            .map(definition -> List.<Object>of(definition.kind(), definition.oid()))
            .collect(Collectors.toSet());
    Set<List<Object>> taken =
        onBranch.then().definitions().stream()
            .map(definition -> List.<Object>of(definition.kind(), definition.name()))
            .collect(Collectors.toSet());
    return onBranch.now().definitions().stream()
        .filter(definition -> named.contains(definition.kind()))
        .filter(definition -> !known.contains(List.of(definition.kind(), definition.oid())))
        .filter(definition -> taken.contains(List.of(definition.kind(), definition.name())))
        .collect(Collectors.toSet());
  }

  /**
   * Whether a statement may mean one of them; of code of the user's nobody knows what it names.
   *
   * @param traits empty when nothing is known of the statement
   */
  public boolean mayBearOn(Optional<Traits> traits) {
    if (relations.isEmpty() && beside.isEmpty()) {
      return false;
    }
    return traits
        .map(known ->
            known.userCode()
                || known.relations().stream().anyMatch(relations::contains)
                || beside.stream().anyMatch(definition -> names(known, definition)))
        .orElse(true);
  }

  private static boolean names(Traits traits, Definition definition) {
    return definition.kind() == Definition.Kind.OPERATOR
        ? traits.mentions().operators().contains(definition.name())
        : traits.mentions().names(definition.name());
  }
}
