package dev.anabranch.promote.plan;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * What the facts of one plan go by. A row may be in conflict more than once (a key that was given
 * away and taken by another row, or what is left of a row when the rest of its work is held): each
 * is a fact of its own, and has to be found again by its own name when it is decided. Not
 * thread-safe.
 */
final class FactNames {

  private final Map<String, String> states = new HashMap<>();

  /**
   * @param told what a plan has told already
   */
  FactNames(Collection<Reason> told) {
    told.forEach(reason -> states.put(reason.root().id(), reason.root().state()));
  }

  /** The name of a fact: its id, or that with a number behind it where that is another fact's. */
  String name(String id, String state) {
    String name = id;
    for (int more = 2; !states.computeIfAbsent(name, _ -> state).equals(state); more++) {
      name = id + "-" + more;
    }
    return name;
  }
}
