package dev.anabranch.predicate.rule;

import dev.anabranch.ledger.Question;
import dev.anabranch.predicate.footprint.Traits;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * In which schemas a statement's names may be looked up: those of its search_path, and those that
 * its text names. Wider than what Postgres does, and never narrower.
 *
 * @param path the setting's text, in lower case; empty when names may be looked up anywhere
 * @param users whose own schemas {@code "$user"} may mean
 */
public record SearchPath(Optional<String> path, Set<String> users) {

  /** Names up to which the setting's text is compared letter by letter. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_$]{1,62}");

  private static final String SETTING = "search_path";

  public SearchPath {
    users = Set.copyOf(users);
  }

  /** Of code whose own search_path is not known. */
  public static SearchPath anywhere() {
    return new SearchPath(Optional.empty(), Set.of());
  }

  /**
   * @param users the roles as which it ran
   */
  public static SearchPath of(Question question, Set<String> users) {
    return new SearchPath(
        Optional.ofNullable(question.settings().get(SETTING))
            .map(path -> path.toLowerCase(Locale.ROOT)),
        users);
  }

  /** Whether a relation of this schema may be found by its name alone, or is named with it. */
  boolean mayFindIn(String schema, Traits traits) {
    if (path.isEmpty()
        || traits.userCode()
        || !PLAIN.matcher(schema).matches()
        || traits.mentions().names(schema)) {
      return true;
    }
    return isWordOf(path.get(), schema.toLowerCase(Locale.ROOT))
        || (path.get().contains("$user") && users.contains(schema));
  }

  private static boolean isWordOf(String text, String word) {
    return Pattern.compile("(?<![\\p{L}\\p{N}_$])" + Pattern.quote(word) + "(?![\\p{L}\\p{N}_$])")
        .matcher(text)
        .find();
  }
}
