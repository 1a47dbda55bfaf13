package dev.anabranch.predicate.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps;
import dev.anabranch.ledger.Result;
import dev.anabranch.ledger.ResultColumn;
import dev.anabranch.ledger.RowDigest;
import dev.anabranch.predicate.footprint.Repeat;
import dev.anabranch.predicate.footprint.Traits.RowOrder;
import dev.anabranch.predicate.verdict.Verdict;
import dev.anabranch.predicate.world.World.Contradiction;
import dev.anabranch.predicate.world.World.Reply;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RerunTest {

  private static final List<ResultColumn> NUMBER = List.of(new ResultColumn("n", 23, 0, 0));
  private static final RowOrder UNORDERED = new RowOrder(false, false, false, Optional.empty());
  private static final RowOrder ORDERED = new RowOrder(true, true, false, Optional.of(List.of(0)));
  private static final Contradiction READ =
      new Contradiction(new TableId(20_000), Optional.empty());
  private static final Contradiction NOT_READ =
      new Contradiction(new TableId(20_001), Optional.empty());

  @Test
  void rowsThatEveryOrderOfWritesGivesAreShown() {
    assertThat(verdict(UNORDERED, got("2", "1"), got("1", "2")))
        .isInstanceOfSatisfying(
            Verdict.Changed.class,
            changed -> assertThat(changed.now()).contains(List.of(List.of("1"), List.of("2"))));
  }

  @Test
  void rowsThatRestOnAnUnknownOrderOfWritesAreNotShown() {
    assertThat(verdict(UNORDERED, got("2"), got("3")))
        .isInstanceOfSatisfying(
            Verdict.Changed.class,
            changed -> {
              assertThat(changed.now()).isEmpty();
              assertThat(changed.reason()).contains("which of the branch's own writes it saw");
            });
    assertThat(verdict(ORDERED, got("1", "2"), got("2", "1")))
        .isInstanceOfSatisfying(
            Verdict.Changed.class, changed -> assertThat(changed.now()).isEmpty());
  }

  @Test
  void oneOrderThatChangesIsEnoughNotToHold() {
    assertThat(verdict(UNORDERED, got("7"), got("8"))).isInstanceOf(Verdict.Undecided.class);
    assertThat(verdict(UNORDERED, got("8"), got("7"))).isInstanceOf(Verdict.Undecided.class);
    assertThat(verdict(UNORDERED, got("7"), got("7"))).isInstanceOf(Verdict.Holds.class);
  }

  @Test
  void aQuestionThatWasNotAskedOrFailedIsUndecided() {
    assertThat(verdict(UNORDERED)).isInstanceOf(Verdict.Undecided.class);
    assertThat(verdict(UNORDERED, got("7"), new Reply.Failed("gone")))
        .isInstanceOf(Verdict.Undecided.class);
  }

  @Test
  void contradictionsCountUnlessSomebodyVouchesForThem() {
    assertThat(verdict(UNORDERED, new Reply.Got(result("7"), Set.of(NOT_READ))))
        .isInstanceOf(Verdict.Holds.class);
    assertThat(verdict(UNORDERED, new Reply.Got(result("7"), Set.of(NOT_READ, READ))))
        .isInstanceOf(Verdict.Undecided.class);
    assertThat(verdict(UNORDERED, new Reply.Got(result("8"), Set.of(READ))))
        .isInstanceOf(Verdict.Undecided.class);
  }

  /** Of an answer that was 7, in a statement that {@link #NOT_READ} does not bear on. */
  private static Verdict verdict(RowOrder order, Reply... replies) {
    return new Rerun(
            result("7"), order, new Repeat.Same(), Tally.NOTHING, NOT_READ::equals, Traps.NONE)
        .verdict(Arrays.asList(replies));
  }

  private static Reply got(String... numbers) {
    return new Reply.Got(result(numbers), Set.of());
  }

  private static Result result(String... numbers) {
    RowDigest.Builder digest = RowDigest.builder();
    List<List<@Nullable String>> rows =
        Arrays.stream(numbers).map(number -> List.<@Nullable String>of(number)).toList();
    rows.forEach(row -> digest.add(NUMBER, row));
    RowDigest done = digest.build();
    return new Result(
        NUMBER, done.rowCount(), true, true, done.ordered(), done.bag(), Optional.of(rows));
  }
}
