package dev.anabranch.promote;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.promote.apply.MainWriter;
import dev.anabranch.promote.assertion.Assertion;
import dev.anabranch.promote.assertion.AssertionRules;
import dev.anabranch.promote.assertion.Assertions;
import dev.anabranch.promote.plan.Plan;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Checks of the users' own: which there are, whether main takes them, and what they say of a plan
 * before it is landed.
 */
public final class OwnChecks {

  /** A copy of main may be older than the plan, where main has changed one of its rows since. */
  private static final int COPIES = 3;

  private final MainWriter main;
  private final OwnCheckStore store;
  private final AssertionRules rules;
  private final Copies copies;
  private final Clock clock;

  /**
   * @param mainDatabase main, as promotions write it
   * @param promotions the bookkeeping
   * @param rules how checks are run
   * @param copies on which plans are looked at
   * @param clock for what is kept
   */
  public OwnChecks(
      DataSource mainDatabase,
      Promotions promotions,
      AssertionRules rules,
      Copies copies,
      Clock clock) {
    this.main = new MainWriter(mainDatabase);
    this.store = promotions.ownChecks();
    this.rules = rules;
    this.copies = copies;
    this.clock = clock;
  }

  /** Those that every promotion is held to. */
  public OwnCheckStore kept() {
    return store;
  }

  AssertionRules rules() {
    return rules;
  }

  Copies copies() {
    return copies;
  }

  /**
   * Keeps a check, in the place of one of the same name.
   *
   * @throws AnabranchException OWN_CHECK_INVALID when main does not take it, OWN_CHECK_ROLE,
   *     MAIN_UNREACHABLE
   */
  public OwnCheck set(Assertion assertion, String who) {
    main.requireAskable(rules, List.of(assertion));
    return store.set(new OwnCheck(assertion, who, clock.instant()));
  }

  /**
   * What a promotion is held to.
   *
   * @throws AnabranchException OWN_CHECK_UNKNOWN, OWN_CHECK_TWICE
   */
  Assertions of(OwnChecksAsked asked) {
    return store.of(asked, rules);
  }

  /**
   * The same, with the checks that the approved plan was shown with. One that has other words by
   * now, given or kept, is none of these: it would let pass what they did not.
   *
   * @throws AnabranchException OWN_CHECK_OTHER, beside the others
   */
  Assertions of(OwnChecksAsked asked, Optional<String> plan, Optional<PlanStore.Kept> approved) {
    List<Assertion> shown = approved.map(PlanStore.Kept::checks).orElse(List.of());
    Map<String, String> words = new HashMap<>();
    store.all().forEach(check -> words.put(check.assertion().name(), check.assertion().sql()));
    Set<String> kept = Set.copyOf(words.keySet());
    asked.given().forEach(check -> words.putIfAbsent(check.name(), check.sql()));
    for (Assertion check : shown) {
      String now = words.get(check.name());
      if (now != null && !now.equals(check.sql()) && !asked.skipped().contains(check.name())) {
        throw new AnabranchException(ErrorCode.OWN_CHECK_OTHER, check.name(), plan.orElseThrow());
      }
    }
    return of(asked.with(shown.stream().filter(check -> !kept.contains(check.name())).toList()));
  }

  /**
   * @throws AnabranchException OWN_CHECK_INVALID when main does not take one of them,
   *     OWN_CHECK_ROLE, MAIN_UNREACHABLE
   */
  void requireAskable(Assertions assertions) {
    main.requireAskable(rules, assertions.toRun());
  }

  /**
   * @throws AnabranchException OWN_CHECK_INVALID, OWN_CHECK_ROLE, MAIN_UNREACHABLE
   */
  void requireAskable(Assertion query) {
    main.requireAskable(rules, List.of(query));
  }

  /**
   * Writes a plan on a copy of main, and asks them of what that comes to.
   *
   * @return the plan without what main refuses
   * @throws AnabranchException PROMOTE_CONFLICT when main moves each time
   */
  Plan rehearse(Candidate candidate, Assertions assertions) {
    String why = "";
    Candidate next = candidate;
    for (int i = 0; i < COPIES; i++) {
      if (next.plan().changes().isEmpty()) {
        return next.plan();
      }
      try (Copies.Copy copy = copies.open()) {
        switch (next.on(copy, assertions, Optional.empty())) {
          case Candidate.Outcome.Told(Plan plan, var ignored) -> {
            return plan;
          }
          case Candidate.Outcome.Moved(String moved) -> {
            why = moved;
            next =
                new Candidate(
                    next.again().apply(List.of()), next.again(), next.searchPath(), next.traps());
          }
        }
      }
    }
    throw new AnabranchException(ErrorCode.PROMOTE_CONFLICT, why);
  }
}
