package dev.anabranch.promote;

import dev.anabranch.promote.assertion.Assertion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a caller says of checks of the users' own.
 *
 * @param given those that come with the request, beside those that are kept
 * @param skipped the names of those that are not to be run this time
 */
public record OwnChecksAsked(List<Assertion> given, Set<String> skipped) {

  /** Nothing: those that are kept are run. */
  public static final OwnChecksAsked NOTHING = new OwnChecksAsked(List.of(), Set.of());

  public OwnChecksAsked {
    given = List.copyOf(given);
    skipped = Set.copyOf(skipped);
  }

  /** With those of the plan that is to be landed, unless the caller gives others by their names. */
  OwnChecksAsked with(List<Assertion> ofPlan) {
    List<Assertion> all = new ArrayList<>(given);
    ofPlan.stream()
        .filter(one -> given.stream().noneMatch(other -> other.name().equals(one.name())))
        .forEach(all::add);
    return new OwnChecksAsked(all, skipped);
  }
}
