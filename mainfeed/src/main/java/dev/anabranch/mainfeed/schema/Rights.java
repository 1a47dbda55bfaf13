package dev.anabranch.mainfeed.schema;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What roles may see, by its effect: whoever compares two of these learns whether one role's view
 * of some relations has moved, and nothing of what is granted to others or elsewhere. That a
 * relation's own privileges or policies were changed is told by its fingerprint; here it is told
 * which roles those are about, and who acts as which role.
 *
 * @param roles by name; a role is here under the name that policies and {@code current_user} know
 * @param ties by the relation's OID
 * @param definers the owners of functions that run as their owner
 * @param everywhere roles on whose privileges anything may hang, whatever the relation
 * @param schemaUsers by schema: the roles that may look things up in it, {@link #EVERYBODY} among
 *     them where that is so
 */
public record Rights(
    Map<String, Role> roles,
    Map<Long, Ties> ties,
    Set<String> definers,
    Set<String> everywhere,
    Map<String, Set<String>> schemaUsers) {

  /** Stands for PUBLIC; no role's name is empty. */
  public static final String EVERYBODY = "";

  /** Nothing is known: nothing is equal to it. */
  public static final Rights UNKNOWN = new Rights(Map.of(), Map.of(), Set.of(), Set.of(), Map.of());

  /**
   * One role.
   *
   * @param bypassesRowSecurity so does a superuser, who bypasses everything
   * @param acts the roles whose privileges it has by inheritance, itself among them
   * @param becomes the roles that it can be by SET ROLE, on the way or in the end
   */
  public record Role(
      boolean superuser, boolean bypassesRowSecurity, Set<String> acts, Set<String> becomes) {}

  /**
   * The roles that a relation has to do with.
   *
   * @param owner as whom a view looks at what is below it, and a foreign key at both its ends
   * @param named the owner, and those in its privileges, its columns' and its policies
   */
  public record Ties(String owner, Set<String> named) {}

  private static final Ties NONE = new Ties(EVERYBODY, Set.of());

  /**
   * Whose view of these relations is another one now, if anybody's: that of the eyes or of those
   * who lend them theirs.
   *
   * @param eyes the roles that look, the first one acting as the others
   * @param relations by OID
   */
  public Optional<String> moved(Set<String> eyes, Set<Long> relations, Rights now) {
    Set<String> mentioned = new HashSet<>(everywhere);
    mentioned.addAll(now.everywhere);
    Set<String> all = new HashSet<>(eyes);
    all.addAll(definers);
    mentioned.addAll(eyes);
    for (Long relation : relations) {
      Ties before = ties.getOrDefault(relation, NONE);
      mentioned.addAll(before.named());
      mentioned.addAll(now.ties.getOrDefault(relation, NONE).named());
      if (!before.owner().equals(EVERYBODY)) {
        all.add(before.owner());
      }
    }
    return all.stream().filter(role -> moved(role, mentioned, now)).findFirst();
  }

  private boolean moved(String name, Set<String> mentioned, Rights now) {
    Role before = roles.get(name);
    Role after = now.roles.get(name);
    if (before == null || after == null || before.superuser() != after.superuser()) {
      return true;
    }
    return !before.superuser()
        && (before.bypassesRowSecurity() != after.bypassesRowSecurity()
            || !among(before.acts(), mentioned).equals(among(after.acts(), mentioned))
            || !among(before.becomes(), mentioned).equals(among(after.becomes(), mentioned))
            || schemasMoved(before, after, now));
  }

  private static Set<String> among(Set<String> roles, Set<String> mentioned) {
    Set<String> both = new HashSet<>(roles);
    both.retainAll(mentioned);
    return both;
  }

  /** Schemas that came or went bring or take their relations, which tell it themselves. */
  private boolean schemasMoved(Role before, Role after, Rights now) {
    return schemaUsers.entrySet().stream()
        .anyMatch(schema -> {
          Set<String> users = now.schemaUsers.get(schema.getKey());
          return users != null && uses(before, schema.getValue()) != uses(after, users);
        });
  }

  private static boolean uses(Role role, Set<String> users) {
    return users.contains(EVERYBODY) || users.stream().anyMatch(role.acts()::contains);
  }
}
