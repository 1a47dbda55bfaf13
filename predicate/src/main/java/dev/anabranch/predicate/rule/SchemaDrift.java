package dev.anabranch.predicate.rule;

import dev.anabranch.base.Column;
import dev.anabranch.base.TableId;
import dev.anabranch.mainfeed.schema.Definition;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import dev.anabranch.predicate.footprint.Catalog;
import dev.anabranch.predicate.footprint.Columns;
import dev.anabranch.predicate.footprint.Mentions;
import dev.anabranch.predicate.footprint.Traits;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What happened to definitions between two snapshots of the same database.
 *
 * @param then the earlier one
 * @param now the later one
 */
public record SchemaDrift(SchemaSnapshot then, SchemaSnapshot now) {

  /** What only a statement that writes depends on. */
  private static final Set<String> FOR_WRITES =
      Set.of("trigger", "default", "constraint", "index", "sequence");

  private static final Set<Character> TABLES = Set.of('r', 'p');

  /** By these a table's name may lead to other tables. */
  private static final Set<String> LEADING_ELSEWHERE =
      Set.of("policy", "rule", "inherits", "partitioned", "foreign");

  /** What code says that puts statements together from text; {@link Definition.Kind#CODE}. */
  private static final Pattern DYNAMIC =
      Pattern.compile(
          "execute|"
              + Pattern.quote(Definition.UNREADABLE)
              + "|\\w+_to_xml\\w*|ts_stat|ts_rewrite"
              + "|(to_)?reg(proc|procedure|operator)");

  private static final int LONGEST_NAME = 63;

  /** A name that can be told among the words of code. */
  private static final Pattern PLAIN_NAME = Pattern.compile("[a-z_][a-z0-9_$]*");

  private static final Set<Long> SEARCH_TYPES = Set.of(3614L, 3615L, 3734L, 3769L);

  /**
   * Whether a statement may mean something else now than then, or find its tables stored anew.
   *
   * @param read the columns that it reads of each table; of others, all
   * @param path where its names are looked up
   * @param storageTells whether a new storage may hold other rows, without any of them being told
   */
  public Optional<String> concerns(
      Traits traits, Map<TableId, Columns> read, SearchPath path, boolean storageTells) {
    return definitions(traits)
        .or(() ->
            family(traits.relations()).stream()
                .flatMap(table -> relation(table, traits, read, path, storageTells).stream())
                .findFirst())
        .or(() -> shadowed(traits, path));
  }

  private Optional<String> definitions(Traits traits) {
    if (then.routinesFingerprint().equals(now.routinesFingerprint())) {
      return Optional.empty();
    }
    if (!then.builtinsFingerprint().equals(now.builtinsFingerprint())) {
      return Optional.of("built-in functions or settings of the database were changed");
    }
    if (traits.userCode() && !sameRoutines()) {
      return Optional.of("functions, operators or types were changed, which its functions may use");
    }
    Set<Definition> changed = changed();
    boolean compound =
        traits.mentions().wholeRows()
            || !traits.mentions().rows().isEmpty()
            || Stream.concat(then.definitions().stream(), now.definitions().stream())
                .anyMatch(definition ->
                    definition.kind() == Definition.Kind.COMPOUND_TYPE
                        && traits.mentions().objects().contains(definition.oid()));
    return changed.stream()
        .filter(definition -> concerns(definition, traits.mentions(), compound))
        .findFirst()
        .map(definition ->
            "a definition that it may mean was changed ("
                + definition.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + " "
                + definition.name()
                + ")");
  }

  private static boolean concerns(Definition definition, Mentions mentions, boolean compound) {
    boolean named = !definition.name().isEmpty() && mentions.names(definition.name());
    List<Long> types = definition.types();
    return switch (definition.kind()) {
      case ROUTINE -> named;
      case CODE, UNREAD, NAMESAKE -> false;
      case OPERATOR -> mentions.operators().contains(definition.name());
      case IMPLICIT_CAST -> mentions.types().contains(types.getFirst());
      case CAST -> mentions.types().containsAll(types);
      case TYPE, COMPOUND_TYPE ->
          named || compound || mentions.objects().contains(definition.oid());
      case COLLATION -> named || mentions.objects().contains(definition.oid());
      case OPERATOR_CLASS -> types.stream().anyMatch(mentions.types()::contains);
      case SEARCH -> named || SEARCH_TYPES.stream().anyMatch(mentions.types()::contains);
      case CONVERSION -> true;
    };
  }

  /**
   * Whether a statement reads the same tables now as then, however they are defined by now: under
   * the same names, with the same partitions, policies and rules, and by the same routines.
   */
  public boolean readsInPlace(Traits traits, SearchPath path) {
    return definitions(traits).isEmpty()
        && shadowed(traits, path).isEmpty()
        && family(traits.relations()).stream().allMatch(table -> isInPlace(table, traits, path));
  }

  private boolean isInPlace(TableId table, Traits traits, SearchPath path) {
    Relation before = then.relations().get(table);
    Relation after = now.relations().get(table);
    return before != null
        && after != null
        && TABLES.contains(before.kind())
        && before.kind() == after.kind()
        && before.shape().qualifiedName().equals(after.shape().qualifiedName())
        && !isRebound(before.shape().name(), traits, path)
        && before.children().equals(after.children())
        && Objects.equals(guard(then, table), guard(now, table))
        && LEADING_ELSEWHERE.stream()
            .allMatch(
                facet -> Objects.equals(before.facets().get(facet), after.facets().get(facet)));
  }

  private static @Nullable String guard(SchemaSnapshot snapshot, TableId table) {
    return snapshot.guards().getOrDefault(table, Map.of()).get("row security");
  }

  private Optional<String> relation(
      TableId table,
      Traits traits,
      Map<TableId, Columns> read,
      SearchPath path,
      boolean storageTells) {
    Relation before = then.relations().get(table);
    Relation after = now.relations().get(table);
    if (before == null || after == null) {
      return Optional.of(cameOrWent(before, after));
    }
    String name = before.shape().qualifiedName();
    if (isRebound(before.shape().name(), traits, path)) {
      return Optional.of("another relation named " + before.shape().name() + " came or went");
    }
    if (before.fingerprint().equals(after.fingerprint())
        && before.children().equals(after.children())) {
      return Optional.empty();
    }
    boolean same =
        name.equals(after.shape().qualifiedName())
            && before.children().equals(after.children())
            && before.shape().keyColumns().equals(after.shape().keyColumns())
            && sameFacets(before, after, traits, storageTells)
            && sameColumns(before, after, read.getOrDefault(table, new Columns.All()), traits);
    return same ? Optional.empty() : Optional.of(name + " was altered, rewritten or emptied");
  }

  /** One that was there at neither moment is the other side's. */
  private static String cameOrWent(@Nullable Relation before, @Nullable Relation after) {
    return before != null
        ? before.shape().qualifiedName() + " was dropped"
        : after != null
            ? after.shape().qualifiedName() + " was created"
            : "a relation is not there that the other side has made";
  }

  /** Whether a name is another relation's, or one's more or less, where it is looked up. */
  private boolean isRebound(String name, Traits traits, SearchPath path) {
    if (Objects.equals(then.namesFingerprint().get(name), now.namesFingerprint().get(name))) {
      return false;
    }
    Set<Bearer> moved = bearers(then, name);
    Set<Bearer> present = bearers(now, name);
    Set<Bearer> stayed = new HashSet<>(moved);
    stayed.retainAll(present);
    moved.addAll(present);
    moved.removeAll(stayed);
    return moved.stream().anyMatch(bearer -> path.mayFindIn(bearer.schema(), traits));
  }

  /** Whether a name leads to no relation, where it is looked up. */
  private boolean isNobodysNow(String name, Traits traits, SearchPath path) {
    Set<Bearer> bearers = bearers(now, name);
    return !now.namesFingerprint().containsKey(name)
        || (!bearers.isEmpty()
            && bearers.stream().noneMatch(bearer -> path.mayFindIn(bearer.schema(), traits)));
  }

  /** A relation that has a name. */
  private record Bearer(TableId id, String schema, char kind) {}

  private static Set<Bearer> bearers(SchemaSnapshot snapshot, String name) {
    return snapshot.relations().values().stream()
        .filter(relation -> relation.shape().name().equals(name))
        .map(relation ->
            new Bearer(relation.shape().id(), relation.shape().schema(), relation.kind()))
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static boolean sameFacets(
      Relation before, Relation after, Traits traits, boolean storageTells) {
    Set<String> facets = new HashSet<>(before.facets().keySet());
    facets.addAll(after.facets().keySet());
    facets.remove("rights");
    if (traits.writes().isEmpty() && before.kind() != 'v') {
      facets.removeAll(FOR_WRITES);
    }
    if (!storageTells && before.kind() != 'm') {
      facets.remove("storage");
    }
    return !before.facets().isEmpty()
        && facets.stream()
            .allMatch(
                facet -> Objects.equals(before.facets().get(facet), after.facets().get(facet)));
  }

  /** A column that came, went or was altered counts when it is read, or may be meant by a name. */
  private static boolean sameColumns(Relation before, Relation after, Columns read, Traits traits) {
    Set<Integer> numbers = new HashSet<>(before.columnVersions().keySet());
    numbers.addAll(after.columnVersions().keySet());
    numbers.removeIf(number ->
        Objects.equals(before.columnVersions().get(number), after.columnVersions().get(number)));
    return numbers.stream()
        .noneMatch(number ->
            switch (read) {
                  case Columns.All ignored -> true;
                  case Columns.Some(var some) -> some.contains(number);
                }
                || traits.mentions().star()
                || traits.mentions().rows().contains(before.shape().id())
                || traits.writes().isPresent()
                || isMeant(before, number, traits)
                || isMeant(after, number, traits));
  }

  private static boolean isMeant(Relation relation, int number, Traits traits) {
    String version = relation.columnVersions().get(number);
    return version != null
        && traits.mentions().names(version.substring(0, version.lastIndexOf(' ')));
  }

  /**
   * Whether a statement that writes is concerned by new names alone: its tables, and columns that
   * it does not read, are called something else, and nothing else has taken the old names. What it
   * wrote is known by identity and lands there.
   */
  public boolean onlyRenames(Traits traits, Map<TableId, Columns> read, SearchPath path) {
    return traits.writes().isPresent()
        && !traits.userCode()
        && definitions(traits).isEmpty()
        && shadowed(traits, path).isEmpty()
        && family(traits.relations()).stream()
            .allMatch(table -> isRenamed(table, traits, read, path));
  }

  private boolean isRenamed(
      TableId table, Traits traits, Map<TableId, Columns> read, SearchPath path) {
    if (relation(table, traits, read, path, true).isEmpty()) {
      return true;
    }
    Relation before = then.relations().get(table);
    Relation after = now.relations().get(table);
    String name = before == null ? "" : before.shape().name();
    return before != null
        && after != null
        && before.kind() == 'r'
        && before.shape().schema().equals(after.shape().schema())
        && (name.equals(after.shape().name())
            ? !isRebound(name, traits, path)
            : isNobodysNow(name, traits, path))
        && before.children().equals(after.children())
        && sameFacets(before, after, traits, true)
        && before.columnVersions().keySet().equals(after.columnVersions().keySet())
        && before.shape().columns().size() == after.shape().columns().size()
        && read.get(table) instanceof Columns.Some(var some)
        && before.shape().columns().stream()
            .allMatch(column -> isSameByNumber(column, before, after, some));
  }

  private static boolean isSameByNumber(
      Column column, Relation before, Relation after, Set<Integer> read) {
    int number = column.number();
    int place = after.shape().indexOf(number);
    if (Objects.equals(before.columnVersions().get(number), after.columnVersions().get(number))) {
      return place >= 0;
    }
    Column other = place < 0 ? column : after.shape().columns().get(place);
    return place >= 0
        && !read.contains(number)
        && !column.inKey()
        && !other.inKey()
        && column.typeOid() == other.typeOid()
        && column.typeModifier() == other.typeModifier()
        && after.shape().columns().stream().noneMatch(any -> any.name().equals(column.name()));
  }

  /** A relation that the statement does not read, and that one of its constants names. */
  private Optional<String> shadowed(Traits traits, SearchPath path) {
    return traits.mentions().objects().stream()
        .map(TableId::new)
        .filter(table -> !traits.relations().contains(table))
        .map(then.relations()::get)
        .filter(Objects::nonNull)
        .filter(relation -> {
          Relation after = now.relations().get(relation.shape().id());
          String name = relation.shape().name();
          return after == null
              || !after.shape().qualifiedName().equals(relation.shape().qualifiedName())
              || isRebound(name, traits, path);
        })
        .findFirst()
        .map(relation -> relation.shape().qualifiedName() + " was renamed, replaced or dropped");
  }

  /** A relation of the set whose owner or privileges are not the same any more. */
  public Optional<String> privileges(Set<TableId> relations) {
    return family(relations).stream()
        .filter(table -> {
          Relation before = then.relations().get(table);
          Relation after = now.relations().get(table);
          return before == null
              || after == null
              || !Objects.equals(before.facets().get("rights"), after.facets().get("rights"));
        })
        .findFirst()
        .map(ignored -> "privileges on what it reads were changed");
  }

  /** Whether somebody sees something else of these relations now than then. */
  public Optional<String> rights(Set<String> eyes, Set<TableId> relations) {
    Set<Long> family = family(relations).stream().map(TableId::oid).collect(Collectors.toSet());
    return then.rights()
        .moved(eyes, family, now.rights())
        .map(role -> "what " + role + " may see was changed");
  }

  /** Whether the two are the same in all that a statement's meaning rests on. */
  public boolean isNothing() {
    return then.relations().equals(now.relations())
        && then.namesFingerprint().equals(now.namesFingerprint())
        && then.rights().equals(now.rights())
        && sameDefinitions();
  }

  private boolean sameDefinitions() {
    return then.routinesFingerprint().equals(now.routinesFingerprint())
        && then.builtinsFingerprint().equals(now.builtinsFingerprint());
  }

  private Set<Definition> changed() {
    Set<Definition> changed = new HashSet<>(then.definitions());
    Set<Definition> same = new HashSet<>(now.definitions());
    same.retainAll(changed);
    changed.addAll(now.definitions());
    changed.removeAll(same);
    return changed;
  }

  /**
   * Whether code that there was means the same in the two: nothing has changed but for routines
   * that are new, and whose names stand nowhere in it. Code that puts statements together may name
   * anything.
   */
  public boolean sameRoutines() {
    if (sameDefinitions()) {
      return true;
    }
    Set<Definition> changed = changed();
    boolean known = !changed.isEmpty();
    changed.removeIf(SchemaDrift::onlyTells);
    return then.builtinsFingerprint().equals(now.builtinsFingerprint())
        && known
        && !changed.removeAll(then.definitions())
        && changed.stream().allMatch(SchemaDrift::isRoutine)
        && isMeantNowhere(changed);
  }

  /** What tells more of a routine or an operator that is a definition itself. */
  private static boolean onlyTells(Definition definition) {
    return definition.kind() == Definition.Kind.UNREAD
        || definition.kind() == Definition.Kind.NAMESAKE;
  }

  /** Whether a word of code may put a statement together that names anything. */
  static boolean isDynamic(String word) {
    return DYNAMIC.matcher(word).matches();
  }

  private static boolean isRoutine(Definition definition) {
    return switch (definition.kind()) {
      case ROUTINE, CODE, UNREAD, NAMESAKE -> true;
      case OPERATOR,
          IMPLICIT_CAST,
          CAST,
          TYPE,
          COMPOUND_TYPE,
          COLLATION,
          OPERATOR_CLASS,
          SEARCH,
          CONVERSION ->
          false;
    };
  }

  private boolean isMeantNowhere(Set<Definition> added) {
    Set<Long> routines =
        added.stream()
            .filter(definition -> definition.kind() == Definition.Kind.ROUTINE)
            .map(Definition::oid)
            .collect(Collectors.toSet());
    // Code of a routine that is not new was not read then.
    if (!added.stream().map(Definition::oid).allMatch(routines::contains)) {
      return false;
    }
    Set<String> words =
        then.definitions().stream()
            .filter(definition -> definition.kind() == Definition.Kind.CODE)
            .flatMap(code -> Stream.of(code.name().split(" ")))
            .collect(Collectors.toSet());
    return words.stream().noneMatch(SchemaDrift::isDynamic)
        && added.stream()
            .filter(definition -> definition.kind() == Definition.Kind.ROUTINE)
            .map(routine -> routine.name().toLowerCase(Locale.ROOT))
            .allMatch(name ->
                PLAIN_NAME.matcher(name).matches()
                    && name.length() < LONGEST_NAME
                    && !words.contains(name));
  }

  /** Whether something that was defined then is gone now, or is defined otherwise. */
  public boolean replaces() {
    Set<Definition> gone = new HashSet<>(then.definitions());
    now.definitions().forEach(gone::remove);
    return !sameDefinitions() && !gone.stream().allMatch(SchemaDrift::onlyTells);
  }

  /** One of these relations, or of what inherits from them, that is not the same any more. */
  public Optional<String> altered(Set<TableId> relations) {
    return altered(relations, true);
  }

  /** The same, but for who may do what with it. */
  public Optional<String> redefined(Set<TableId> relations) {
    return altered(relations, false);
  }

  private Optional<String> altered(Set<TableId> relations, boolean rightsTell) {
    for (TableId table : family(relations)) {
      Relation before = then.relations().get(table);
      Relation after = now.relations().get(table);
      if (before == null || after == null) {
        return Optional.of(cameOrWent(before, after));
      }
      String name = before.shape().name();
      boolean same =
          rightsTell
              ? before.fingerprint().equals(after.fingerprint())
              : sameWithout(Set.of("rights"), before, after);
      if (!same
          || !before.children().equals(after.children())
          || !Objects.equals(then.namesFingerprint().get(name), now.namesFingerprint().get(name))) {
        return Optional.of(before.shape().qualifiedName() + " was altered, rewritten or emptied");
      }
    }
    return Optional.empty();
  }

  /** Relations of the earlier snapshot that are not the same any more. */
  public Set<TableId> altered() {
    Set<TableId> altered = new HashSet<>();
    then.relations()
        .forEach((table, before) -> {
          Relation after = now.relations().get(table);
          if (after == null || !sameForRows(before, after)) {
            altered.add(table);
          }
        });
    return altered;
  }

  /** Privileges and a new storage change nothing about what is written to a table. */
  private static boolean sameForRows(Relation before, Relation after) {
    return sameWithout(Set.of("rights", "storage"), before, after);
  }

  private static boolean sameWithout(Set<String> left, Relation before, Relation after) {
    Set<String> facets = new HashSet<>(before.facets().keySet());
    facets.addAll(after.facets().keySet());
    facets.removeAll(left);
    return before.fingerprint().equals(after.fingerprint())
        || (!before.facets().isEmpty()
            && before.shape().equals(after.shape())
            && before.columnVersions().equals(after.columnVersions())
            && facets.stream()
                .allMatch(facet ->
                    Objects.equals(before.facets().get(facet), after.facets().get(facet))));
  }

  /**
   * The relations, their inheritance children and partitions, at both moments; without the system's
   * own, which no snapshot has and nobody alters.
   */
  private Set<TableId> family(Set<TableId> relations) {
    Set<TableId> all = new HashSet<>(descendants(then, relations));
    all.addAll(descendants(now, relations));
    all.removeIf(relation -> relation.oid() < Catalog.FIRST_USER_OID);
    return all;
  }

  /** The relations and all that inherit from them. */
  public static Set<TableId> descendants(SchemaSnapshot schema, Set<TableId> relations) {
    return schema.withDescendants(relations);
  }
}
