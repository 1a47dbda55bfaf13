package dev.anabranch.promote;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.promote.apply.Rehearsing.Score;
import dev.anabranch.promote.assertion.Assertion;
import dev.anabranch.promote.fact.Fact;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compares branches by what each would make of main: their plans are written on one copy of main,
 * one after the other and each rolled back, and a query gives each a score.
 */
public final class BranchComparison {

  /** Main may change a row of a plan between the plan and the copy. */
  private static final int COPIES = 3;

  private static final int MOST_DIGITS = 1000;

  private final Promoter promoter;
  private final OwnChecks ownChecks;

  public BranchComparison(Promoter promoter, OwnChecks ownChecks) {
    this.promoter = promoter;
    this.ownChecks = ownChecks;
  }

  /**
   * The best first.
   *
   * @throws AnabranchException BRANCH_UNKNOWN, BRANCH_BUSY, CHECK_FAILED, OWN_CHECK_INVALID,
   *     OWN_CHECK_ROLE, PROMOTE_CONFLICT when main moves each time, MAIN_UNREACHABLE
   */
  public List<Compared> compare(CompareRequest request) {
    Assertion query = new Assertion("score", request.score());
    ownChecks.requireAskable(query);
    String why = "";
    for (int i = 0; i < COPIES; i++) {
      List<Looked> looked = request.branches().stream().map(promoter::candidate).toList();
      looked.forEach(one -> ownChecks.requireAskable(one.assertions()));
      List<Compared> compared = new ArrayList<>();
      try (Copies.Copy copy = ownChecks.copies().open()) {
        for (Looked one : looked) {
          switch (one.candidate().on(copy, one.assertions(), Optional.of(query))) {
            case Candidate.Outcome.Told told -> compared.add(compared(one, told));
            case Candidate.Outcome.Moved(String moved) -> why = moved;
          }
        }
      }
      if (compared.size() == looked.size()) {
        compared.sort(Compared.best(request.lowest()));
        return compared;
      }
    }
    throw new AnabranchException(ErrorCode.PROMOTE_CONFLICT, why);
  }

  /** What main refuses is known only now, where its units were still thought to land. */
  private static Compared compared(Looked one, Candidate.Outcome.Told told) {
    Promotion promotion = one.promotion();
    return new Compared(
        promotion.branch(),
        told.score().flatMap(BranchComparison::number),
        promotion.asOf(),
        new Promotion.UnitCounts(
            promotion.units().total(),
            told.plan().landing().size(),
            told.plan().held().size(),
            told.plan().dropped().size()),
        (int) told.plan().facts().stream().filter(Fact::isOpen).count(),
        one.assertions().results(),
        promotion.plan());
  }

  private static Optional<BigDecimal> number(Score score) {
    String value = score.value();
    if (value == null) {
      return Optional.empty();
    }
    try {
      BigDecimal number = new BigDecimal(value);
      if (Math.abs((long) number.precision() - number.scale()) > MOST_DIGITS) {
        throw new NumberFormatException(value);
      }
      return Optional.of(number);
    } catch (NumberFormatException e) {
      throw new AnabranchException(
          ErrorCode.OWN_CHECK_INVALID, e, "score", "a score is a number, and it returned " + value);
    }
  }
}
