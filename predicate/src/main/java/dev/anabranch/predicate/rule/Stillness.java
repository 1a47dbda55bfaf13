package dev.anabranch.predicate.rule;

import dev.anabranch.base.TableId;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import dev.anabranch.predicate.footprint.Catalog;
import dev.anabranch.predicate.world.Touched;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What has not changed on main since the fork point, whatever reads it.
 *
 * @param onMain its definitions
 * @param onBranch the branch's own
 * @param changes its rows
 */
public record Stillness(SchemaDrift onMain, SchemaDrift onBranch, Changes changes) {

  /** People's data that is kept among the catalogs, and what is sampled from people's data. */
  private static final Set<Long> DATA_AMONG_CATALOGS = Set.of(2613L, 2995L, 2619L, 3429L);

  /** The same, with main's rows told by somebody else. */
  public Stillness with(Changes others) {
    return new Stillness(onMain, onBranch, others);
  }

  /** Whether main is as it was at the fork point, in every row and definition. */
  public boolean everywhere() {
    return onMain.isNothing()
        && onMain.then().relations().entrySet().stream()
            .filter(relation -> relation.getValue().kind() != 'S')
            .allMatch(relation -> moved(relation.getKey()).isEmpty());
  }

  /** Whether all that an execution touched is known, and is rows of tables and definitions. */
  public static boolean tellsAll(Touched touched) {
    return touched.wholly()
        && touched.relations().stream()
            .noneMatch(relation -> DATA_AMONG_CATALOGS.contains(relation.oid()));
  }

  /** What has changed, or may have, of what an execution touched. */
  public Optional<String> moved(Touched touched) {
    if (!touched.wholly()) {
      return Optional.of("not all that it read is known");
    }
    Set<TableId> user = new HashSet<>();
    for (TableId relation : touched.relations()) {
      if (relation.oid() >= Catalog.FIRST_USER_OID) {
        user.add(relation);
      } else if (DATA_AMONG_CATALOGS.contains(relation.oid()) || !onMain.isNothing()) {
        return Optional.of("the catalogs that it reads may have changed");
      }
    }
    Optional<String> altered =
        onMain.sameRoutines()
            ? onMain.altered(user)
            : Optional.of("functions, operators or types were changed");
    return altered.isPresent()
        ? altered
        : family(user).stream().flatMap(table -> moved(table).stream()).findFirst();
  }

  /**
   * What main's copy would execute otherwise than the branch did. Who may do what is not asked:
   * main's own rights are in force on the copy, and what comes out under them is what counts.
   */
  public Optional<String> alteredOnBranch(Set<TableId> relations) {
    return onBranch.redefined(user(relations));
  }

  /** Rights that the branch has given or taken: nothing is known of what main's would have let. */
  public Optional<String> lentOnBranch(Set<TableId> relations) {
    return onBranch.privileges(user(relations)).map(what -> "on the branch, " + what);
  }

  private static Set<TableId> user(Set<TableId> relations) {
    Set<TableId> user = new HashSet<>(relations);
    user.removeIf(relation -> relation.oid() < Catalog.FIRST_USER_OID);
    return user;
  }

  /** The relations and all that inherit from them, then or now. */
  public Set<TableId> family(Set<TableId> relations) {
    Set<TableId> all = new HashSet<>(SchemaDrift.descendants(onMain.then(), relations));
    all.addAll(SchemaDrift.descendants(onMain.now(), relations));
    return all;
  }

  private Optional<String> moved(TableId table) {
    Relation relation = onMain.then().relations().get(table);
    if (relation == null) {
      return Optional.of("it touches a table that is new");
    }
    String name = relation.shape().qualifiedName();
    return switch (relation.kind()) {
      case 'v', 'p' -> Optional.empty();
      case 'r' ->
          relation.persistence() != 'p'
              ? Optional.of(name + " is not logged, so its changes can't be followed")
              : switch (changes.of(table)) {
                case TableDelta.Rows rows when rows.rows().isEmpty() -> Optional.empty();
                case TableDelta.Rows ignored -> Optional.of(name + " has changed");
                case TableDelta.Touched(var ignored, String why) -> Optional.of(name + ": " + why);
                case TableDelta.Unwatched(String why) ->
                    Optional.of(name + " was not watched: " + why);
              };
      case 'S' -> Optional.of("it reads where the sequence " + name + " stands");
      default -> Optional.of(name + " is no table whose changes can be followed");
    };
  }
}
