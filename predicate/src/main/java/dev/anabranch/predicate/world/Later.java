package dev.anabranch.predicate.world;

import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Question;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The settings that the next statement of a session ran under: what the one before it left there.
 *
 * @param question the next one's
 * @param sameTransaction whether it was one of the same transaction; else what was set for that
 *     alone had been taken back
 * @param certain whether nothing came between the two that may have set any
 * @param before the settings that the transaction may have begun under, as far as they are known
 */
public record Later(
    Question question, boolean sameTransaction, boolean certain, List<Map<String, String>> before) {

  /** They say nothing about data, or a copy can't be given them. */
  private static final Set<String> NOT_COMPARED =
      Set.of(
          "transaction_isolation",
          "is_superuser",
          "session_authorization",
          "client_encoding",
          "lc_messages",
          "client_min_messages",
          "statement_timeout",
          "lock_timeout",
          "transaction_timeout",
          "idle_session_timeout",
          "idle_in_transaction_session_timeout");

  public Later {
    before = List.copyOf(before);
  }

  /** The names of settings that are known to have had a value before or after a statement. */
  public Set<String> names(Answer statement) {
    Set<String> names = new TreeSet<>(question.settings().keySet());
    names.addAll(statement.question().settings().keySet());
    names.removeIf(name -> !isCompared(statement, name));
    return names;
  }

  /** Whether a setting that was left otherwise would say that the statement did something else. */
  public boolean isCompared(Answer statement, String name) {
    return !NOT_COMPARED.contains(name)
        && !name.startsWith("anabranch.")
        && !question.isSetByWords(name)
        && (!name.equals("datestyle") || isIso(value(statement.question(), name)));
  }

  /** Another style is not given to a copy as a setting. */
  private static boolean isIso(String dateStyle) {
    return dateStyle.isEmpty() || dateStyle.toUpperCase(Locale.ROOT).startsWith("ISO");
  }

  /** Whether any is otherwise than a statement found it. */
  public boolean differs(Answer statement) {
    return names(statement).stream()
        .filter(name -> name.indexOf('.') >= 0 || statement.question().settings().containsKey(name))
        .anyMatch(name -> !isAsFound(name, value(statement.question(), name)));
  }

  /** What a question's session had a setting at. */
  public static String value(Question question, String name) {
    return question.settings().getOrDefault(name, "");
  }

  /** What it was found to be. */
  public String value(String name) {
    return value(question, name);
  }

  /** Whether it is to be told which of the settings that were changed would last. */
  public boolean asksWhatLasts(Map<String, String> changed) {
    return !sameTransaction
        && changed.entrySet().stream().anyMatch(one -> !one.getValue().equals(value(one.getKey())));
  }

  /**
   * Whether a setting is as it is where a statement that found it so sets nothing that lasts.
   *
   * @param found what the statement found it to be
   */
  public boolean isAsFound(String name, String found) {
    String is = value(name);
    return is.equals(found)
        || (!sameTransaction && before.stream().anyMatch(then -> is.equals(then.get(name))));
  }
}
