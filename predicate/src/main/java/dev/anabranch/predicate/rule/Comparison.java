package dev.anabranch.predicate.rule;

import dev.anabranch.base.ShortDigest;
import dev.anabranch.base.TypeOid;
import dev.anabranch.ledger.Result;
import dev.anabranch.ledger.ResultColumn;
import dev.anabranch.ledger.RowDigest;
import dev.anabranch.predicate.footprint.Traits.RowOrder;
import dev.anabranch.predicate.verdict.Cause;
import dev.anabranch.predicate.verdict.Proof;
import dev.anabranch.predicate.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An answer next to the same question asked again: as lists when the order is total, else as bags,
 * and with an open mind where ties decide what is seen.
 *
 * @param was what the client got
 * @param now what came back
 * @param order how the statement orders its rows
 */
record Comparison(Result was, Result now, RowOrder order) {

  private static final int DIGITS = 32;

  Verdict verdict(Tally tally) {
    if (!was.complete() || !was.comparable() || !now.complete() || !now.comparable()) {
      return new Verdict.Undecided(
          Cause.NOT_COMPARABLE, "its rows can't be compared", tally.evidence());
    }
    boolean sameBag = was.rowCount() == now.rowCount() && was.bagDigest() == now.bagDigest();
    boolean sameList = sameBag && was.orderedDigest() == now.orderedDigest();
    if (sameColumns() && (sameList || (sameBag && !order.ordered()))) {
      return new Verdict.Holds(Proof.RERUN, "asked again, the answer is the same");
    }
    if (sameColumns() && sameBag) {
      return order.total()
          ? new Verdict.Changed(
              Proof.RERUN,
              "the same rows came in another order",
              now.rows(),
              digest(),
              tally.evidence())
          : new Verdict.Undecided(
              Cause.TIES,
              "the same rows came in another order, which ties leave open",
              tally.evidence());
    }
    if (tiesDecide()) {
      return new Verdict.Undecided(
          Cause.TIES,
          "other rows came back, which ties under ORDER BY and LIMIT leave open",
          tally.evidence());
    }
    return new Verdict.Changed(Proof.RERUN, reason(tally), now.rows(), digest(), tally.evidence());
  }

  /**
   * Of the rows of now: in their order where the statement leaves no other, so that it is the same
   * when it is asked once more of the same main.
   */
  String digest() {
    return ShortDigest.of(
        DIGITS,
        List.of(
            now.columns().stream()
                .map(column -> column.name() + " " + column.typeOid())
                .toList()
                .toString(),
            Long.toString(now.rowCount()),
            Long.toString(now.bagDigest()),
            order.total() ? Long.toString(now.orderedDigest()) : ""));
  }

  private boolean sameColumns() {
    if (was.columns().size() != now.columns().size()) {
      return false;
    }
    for (int i = 0; i < was.columns().size(); i++) {
      ResultColumn before = was.columns().get(i);
      ResultColumn after = now.columns().get(i);
      if (!before.name().equals(after.name()) || !alike(before.typeOid(), after.typeOid())) {
        return false;
      }
    }
    return true;
  }

  /** A wider type for the same values is no other answer. */
  private static boolean alike(long one, long other) {
    return one == other
        || (NUMBERS.contains(one) && NUMBERS.contains(other))
        || (TEXTS.contains(one) && TEXTS.contains(other));
  }

  /** int2, int4, int8 and numeric. */
  private static final Set<Long> NUMBERS =
      TypeOid.set(TypeOid.INT2, TypeOid.INT4, TypeOid.INT8, TypeOid.NUMERIC);

  /** text and varchar. */
  private static final Set<Long> TEXTS = TypeOid.set(TypeOid.TEXT, TypeOid.VARCHAR);

  /** Whether the difference may be nothing but another choice among rows that tie under LIMIT. */
  private boolean tiesDecide() {
    if (!order.limited() || order.total() || was.rowCount() != now.rowCount()) {
      return false;
    }
    Optional<List<Integer>> keys = order.outputColumns();
    if (!order.ordered() || keys.isEmpty() || was.rows().isEmpty() || now.rows().isEmpty()) {
      return true;
    }
    return sortKeys(was, keys.get()).equals(sortKeys(now, keys.get()));
  }

  private static List<List<@Nullable String>> sortKeys(Result result, List<Integer> keys) {
    List<List<@Nullable String>> values = new ArrayList<>();
    for (List<@Nullable String> row : result.rows().orElse(List.of())) {
      List<@Nullable String> key = new ArrayList<>();
      for (int place : keys) {
        String text = row.get(place);
        key.add(
            text == null ? null : RowDigest.canonical(result.columns().get(place).typeOid(), text));
      }
      values.add(key);
    }
    return values;
  }

  private String reason(Tally tally) {
    if (!sameColumns()) {
      return "its columns have other names or types now";
    }
    if (!tally.isEmpty()) {
      return tally.inWords();
    }
    if (was.rows().isPresent() && now.rows().isPresent()) {
      return difference(was.rows().get(), now.rows().get()).inWords();
    }
    return was.rowCount() == now.rowCount()
        ? "other values came back"
        : "it had " + was.rowCount() + " rows and has " + now.rowCount();
  }

  private static Tally difference(
      List<List<@Nullable String>> was, List<List<@Nullable String>> now) {
    List<List<@Nullable String>> gone = new ArrayList<>(was);
    List<List<@Nullable String>> come = new ArrayList<>();
    for (List<@Nullable String> row : now) {
      if (!gone.remove(row)) {
        come.add(row);
      }
    }
    int changed = Math.min(gone.size(), come.size());
    return new Tally(come.size() - changed, gone.size() - changed, changed, List.of());
  }
}
