package dev.anabranch.predicate.rule;

import dev.anabranch.base.TableId;
import dev.anabranch.mainfeed.schema.Definition;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import dev.anabranch.predicate.footprint.Traits;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What names mean on a branch and not on main: its own text of a view or a policy, its own relation
 * under a name of main's, or in front of main's on the search path, its own routine or operator
 * beside those of main, or of Postgres, of the same name, its own cast between types of main's.
 * What is new under a name of its own is none of these.
 */
public final class OwnMeanings {

  private static final List<String> ON_ROWS = List.of("policy", "rule");

  private final Set<TableId> relations = new HashSet<>();

  /** New relations, by the schemas in which main has others of the same name. */
  private final Map<TableId, Set<String>> shadowing = new HashMap<>();

  private final Set<Definition> beside;
  private final Set<Definition> namesakes;
  private final Set<Definition> casts;
  private final Set<String> code;

  /**
   * @param onBranch the branch's own definitions, since the fork point
   */
  public OwnMeanings(SchemaDrift onBranch) {
    Map<String, TableId> names = new HashMap<>();
    onBranch
        .then()
        .relations()
        .forEach((table, relation) -> names.put(relation.shape().qualifiedName(), table));
    Map<String, Set<String>> schemas = new HashMap<>();
    onBranch
        .then()
        .relations()
        .values()
        .forEach(relation ->
            schemas
                .computeIfAbsent(relation.shape().name(), ignored -> new HashSet<>())
                .add(relation.shape().schema()));
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
          Set<String> mains = schemas.getOrDefault(after.shape().name(), Set.of());
          if (before == null && !mains.isEmpty()) {
            shadowing.put(table, mains);
          }
        });
    this.beside = beside(onBranch);
    Set<Long> newTypes = newObjects(onBranch, TYPES);
    Set<Long> fresh = newObjects(onBranch, NAMED);
    this.namesakes =
        onBranch.now().definitions().stream()
            .filter(definition -> definition.kind() == Definition.Kind.NAMESAKE)
            .filter(definition -> fresh.contains(definition.oid()))
            .filter(definition -> definition.types().stream().noneMatch(newTypes::contains))
            .collect(Collectors.toSet());
    Set<Long> newCasts = newObjects(onBranch, CASTS);
    this.casts =
        onBranch.now().definitions().stream()
            .filter(definition -> CASTS.contains(definition.kind()))
            .filter(definition -> newCasts.contains(definition.oid()))
            .filter(definition -> definition.types().stream().noneMatch(newTypes::contains))
            .collect(Collectors.toSet());
    this.code =
        namesakes.isEmpty()
            ? Set.of()
            : onBranch.now().definitions().stream()
                .filter(definition -> definition.kind() == Definition.Kind.CODE)
                .flatMap(definition -> Stream.of(definition.name().split(" ")))
                .collect(Collectors.toSet());
  }

  private static final Set<Definition.Kind> TYPES =
      EnumSet.of(Definition.Kind.TYPE, Definition.Kind.COMPOUND_TYPE);

  private static final Set<Definition.Kind> CASTS =
      EnumSet.of(Definition.Kind.CAST, Definition.Kind.IMPLICIT_CAST);

  private static final Set<Definition.Kind> NAMED =
      EnumSet.of(
          Definition.Kind.ROUTINE,
          Definition.Kind.OPERATOR,
          Definition.Kind.TYPE,
          Definition.Kind.COMPOUND_TYPE,
          Definition.Kind.COLLATION,
          Definition.Kind.SEARCH);

  /** What of some kinds the branch has made. */
  private static Set<Long> newObjects(SchemaDrift onBranch, Set<Definition.Kind> kinds) {
    Set<Long> objects = new HashSet<>();
    onBranch.now().definitions().stream()
        .filter(definition -> kinds.contains(definition.kind()))
        .forEach(definition -> objects.add(definition.oid()));
    onBranch.then().definitions().stream()
        .filter(definition -> kinds.contains(definition.kind()))
        .forEach(definition -> objects.remove(definition.oid()));
    return objects;
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
   * @param path where its names were looked up
   */
  public boolean mayBearOn(Optional<Traits> traits, SearchPath path) {
    if (!shadowing.isEmpty() && traits.map(known -> shadows(known, path)).orElse(true)) {
      return true;
    }
    if (relations.isEmpty() && beside.isEmpty() && namesakes.isEmpty() && casts.isEmpty()) {
      return false;
    }
    return traits
        .map(known ->
            (known.userCode() && codeMayMeanThem())
                || known.relations().stream().anyMatch(relations::contains)
                || beside.stream().anyMatch(definition -> names(known, definition))
                || namesakes.stream()
                    .anyMatch(definition -> known.mentions().objects().contains(definition.oid()))
                || casts.stream().anyMatch(definition -> mayCast(known, definition)))
        .orElse(true);
  }

  /** Whether main would find another relation by the name of one that is the branch's own. */
  private boolean shadows(Traits traits, SearchPath path) {
    return traits.userCode()
        || traits.relations().stream()
            .flatMap(table -> shadowing.getOrDefault(table, Set.of()).stream())
            .anyMatch(schema -> path.mayFindIn(schema, traits));
  }

  private boolean codeMayMeanThem() {
    return !relations.isEmpty()
        || !beside.isEmpty()
        || !casts.isEmpty()
        || (!namesakes.isEmpty() && code.stream().anyMatch(SchemaDrift::isDynamic))
        || namesakes.stream()
            .anyMatch(definition ->
                code.contains(definition.name().toLowerCase(Locale.ROOT))
                    || code.contains("(" + definition.name() + ")"));
  }

  private static boolean mayCast(Traits traits, Definition cast) {
    return cast.kind() == Definition.Kind.CAST
        ? traits.mentions().types().containsAll(cast.types())
        : traits.mentions().types().contains(cast.types().getFirst());
  }

  private static boolean names(Traits traits, Definition definition) {
    return definition.kind() == Definition.Kind.OPERATOR
        ? traits.mentions().operators().contains(definition.name())
        : traits.mentions().names(definition.name());
  }
}
