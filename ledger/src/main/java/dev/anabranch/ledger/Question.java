package dev.anabranch.ledger;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/**
 * What was asked, with all that gives it meaning.
 *
 * @param sql the statement as sent, one statement
 * @param parameters bound values, in order
 * @param settings every session setting that changes meaning, by lower-case name: role,
 *     search_path, timezone, datestyle, intervalstyle, extra_float_digits, bytea_output,
 *     transaction_isolation; empty when they are not known, and with them what the statement meant.
 *     Not copied, since all answers of a session share them: whoever gives them changes them no
 *     more
 */
public record Question(String sql, List<Parameter> parameters, SortedMap<String, String> settings) {
  public Question {
    parameters = List.copyOf(parameters);
    settings = Collections.unmodifiableSortedMap(settings);
  }
}
