package dev.anabranch.predicate.overlay;

import dev.anabranch.base.TableId;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import java.util.HashMap;
import java.util.Map;

/**
 * The numbers that a branch drew from its copy of a sequence of main.
 *
 * @param after where the sequence stood at the fork point
 * @param upTo where it stands now
 */
public record Drawn(long after, long upTo) {

  /**
   * What a branch drew, by sequence. One that its own DDL made is nobody's on main.
   *
   * @param atFork the branch's definitions when it was prepared
   * @param now those that it has now
   */
  public static Map<TableId, Drawn> between(SchemaSnapshot atFork, SchemaSnapshot now) {
    Map<TableId, Drawn> drawn = new HashMap<>();
    atFork
        .sequences()
        .forEach((sequence, before) -> {
          Long after = now.sequences().get(sequence);
          if (after != null && !after.equals(before)) {
            drawn.put(sequence, new Drawn(before, after));
          }
        });
    return drawn;
  }

  /** Whether a number may be one of them; one that is not was chosen by somebody. */
  public boolean mayHave(long number) {
    return upTo >= after ? number > after && number <= upTo : number < after && number >= upTo;
  }
}
