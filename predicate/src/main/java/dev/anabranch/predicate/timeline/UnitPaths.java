package dev.anabranch.predicate.timeline;

import dev.anabranch.base.Identifiers;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Told;
import dev.anabranch.ledger.Unit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Where the code of checks, domains, generated columns and indexes looked for names when a unit's
 * rows were written: the same row may be refused, or be another, where it looks elsewhere.
 */
public final class UnitPaths {

  private final Timeline timeline;
  private final String user;
  private final Map<Run, List<Answer>> statements = new HashMap<>();

  private record Run(UUID session, long transaction) {}

  /**
   * @param answers of the branch
   * @param user whom a session acts for that has not changed its role
   */
  public UnitPaths(Timeline timeline, Collection<Answer> answers, String user) {
    this.timeline = timeline;
    this.user = user;
    answers.forEach(answer ->
        statements
            .computeIfAbsent(
                new Run(answer.session(), answer.transaction()), ignored -> new ArrayList<>())
            .add(answer));
  }

  /**
   * A unit's search_path, as a setting has it, with the user's own schema by its name: of the last
   * of its statements that wrote, or the last of all where none says that it did. Empty when it is
   * not known.
   */
  public String of(Unit unit) {
    if (!(timeline.owner(unit) instanceof Owner.One(var ending))) {
      return "";
    }
    List<Answer> all =
        statements.getOrDefault(new Run(ending.session(), ending.transaction()), List.of());
    return all.stream()
        .filter(answer -> answer.told() == Told.EFFECT)
        .reduce((one, later) -> later)
        .or(() -> all.stream().reduce((one, later) -> later))
        .map(answer -> path(answer.question().settings()))
        .orElse("");
  }

  private String path(Map<String, String> settings) {
    String role = settings.getOrDefault("role", "none");
    return settings
        .getOrDefault("search_path", "")
        .replace("\"$user\"", Identifiers.quote(role.equals("none") ? user : role));
  }
}
