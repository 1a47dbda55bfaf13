package dev.anabranch.predicate.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.ledger.Refusal;
import dev.anabranch.predicate.world.Degree;
import dev.anabranch.predicate.world.Outcome;
import dev.anabranch.predicate.world.RehearsalWindow;
import dev.anabranch.predicate.world.Self;
import dev.anabranch.predicate.world.Touched;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LikenessTest {

  private static final long INT = 23;
  private static final long LONG = 20;
  private static final long TEXT = 25;
  private static final long DATE = 1082;
  private static final long MOMENT = 1184;
  private static final long UUID = 2950;

  private final Likeness likeness = likeness(Traps.NONE);

  private static Likeness likeness(Traps traps) {
    return new Likeness(
        window("2026-11-20T10:00:00Z", "2026-11-20T10:00:10Z"),
        window("2026-11-28T09:00:00Z", "2026-11-28T09:00:01Z"),
        drawn(new Touched.Range(100, 110)),
        new Self(OptionalLong.of(812), OptionalLong.empty(), List.of(" INSERT INTO t SELECT 1; ")),
        new Self(
            OptionalLong.of((3L << 32) | 905),
            OptionalLong.of(4711),
            List.of("EXECUTE anabranch_question")),
        traps);
  }

  private static Touched drawn(Touched.Range numbers) {
    return new Touched(Set.of(), Set.of(), Set.of(), List.of(numbers), true);
  }

  private static RehearsalWindow window(String from, String to) {
    return new RehearsalWindow(Instant.parse(from), Instant.parse(to), ZoneOffset.UTC);
  }

  @Test
  void whatComesOutTheSameEachTimeMustBeWhatItWas() {
    assertThat(likeness.of(INT, "30", "30", "30")).isEqualTo(Degree.SAME);
    assertThat(likeness.of(INT, "30", "60", "60")).isEqualTo(Degree.OTHER);
    assertThat(likeness.of(INT, null, "60", "60")).isEqualTo(Degree.OTHER);
    assertThat(likeness.of(TEXT, "paid", "open", "open")).isEqualTo(Degree.OTHER);
  }

  @Test
  void aRefusalIsTheSameForTheSameReasonOnly() {
    assertThat(refused("ERROR P0001 closed", "ERROR P0001 closed", "ERROR P0001 closed"))
        .isEqualTo(Degree.SAME);
    assertThat(refused("ERROR P0001 closed", "ERROR P0001 sold", "ERROR P0001 sold"))
        .isEqualTo(Degree.OTHER);
    assertThat(refused("ERROR P0001 no 7", "ERROR P0001 no 8", "ERROR P0001 no 9"))
        .isEqualTo(Degree.CHANCE);
    assertThat(refused("ERROR 23505 a_key", "ERROR 23505 b_key", "ERROR 23505 b_key"))
        .isEqualTo(Degree.OTHER);
    assertThat(refused("ERROR P0001", "ERROR P0001 sold", "ERROR P0001 sold"))
        .isEqualTo(Degree.CHANCE);
    assertThat(refused("ERROR P0001", "ERROR P0001", "ERROR P0001")).isEqualTo(Degree.CHANCE);
    assertThat(refused("ERROR 22012", "ERROR 22012", "ERROR 22012")).isEqualTo(Degree.SAME);
    assertThat(refused("ERROR 22012", "ERROR 23505 a_key", "ERROR 23505 a_key"))
        .isEqualTo(Degree.OTHER);
  }

  private Degree refused(String was, String is, String again) {
    return RowsLikeness.of(outcome(was), outcome(is), outcome(again), likeness).degree();
  }

  private static Outcome outcome(String tag) {
    return Outcome.refused(Refusal.parse(tag));
  }

  @Test
  void drawnNumbersGoTogetherOneForOne() {
    assertThat(likeness.of(INT, "34", "101", "102")).isEqualTo(Degree.DRAWN);
    assertThat(likeness.of(TEXT, "INV-34", "INV-101", "INV-102")).isEqualTo(Degree.DRAWN);
    assertThat(likeness.of(INT, "34", "107", "108")).isEqualTo(Degree.CHANCE);
    assertThat(likeness.of(INT, "35", "101", "102")).isEqualTo(Degree.CHANCE);
  }

  @Test
  void numbersThatNoSequenceGaveAreChance() {
    Likeness without =
        new Likeness(
            window("2026-11-20T10:00:00Z", "2026-11-20T10:00:10Z"),
            window("2026-11-28T09:00:00Z", "2026-11-28T09:00:01Z"),
            drawn(new Touched.Range(1, 9)),
            Self.UNKNOWN,
            Self.UNKNOWN,
            Traps.NONE);
    assertThat(without.of(INT, "34", "101", "102")).isEqualTo(Degree.CHANCE);
  }

  @Test
  void whatEachExecutionIsItselfIsNoData() {
    String full = Long.toString((3L << 32) | 905);
    String fullThen = Long.toString((3L << 32) | 812);
    assertThat(likeness.of(LONG, "812", "905", "905")).isEqualTo(Degree.DRAWN);
    assertThat(likeness.of(LONG, fullThen, full, full)).isEqualTo(Degree.DRAWN);
    assertThat(likeness.of(LONG, "811", "905", "905")).isEqualTo(Degree.OTHER);
    assertThat(likeness.of(LONG, "812", "906", "906")).isEqualTo(Degree.OTHER);
    assertThat(likeness.of(TEXT, "tx 812, paid", "tx 905, paid", "tx 905, paid"))
        .isEqualTo(Degree.DRAWN);
    assertThat(likeness.of(TEXT, "tx 812, paid", "tx 905, open", "tx 905, open"))
        .isEqualTo(Degree.OTHER);
    String asked = "EXECUTE anabranch_question";
    assertThat(likeness.of(TEXT, "INSERT INTO t SELECT 1", asked, asked)).isEqualTo(Degree.DRAWN);
    assertThat(likeness.of(TEXT, "INSERT INTO t SELECT 1; SELECT 2", asked, asked))
        .isEqualTo(Degree.CHANCE);
    assertThat(likeness.of(INT, "77", "4711", "4711")).isEqualTo(Degree.CHANCE);
    assertThat(likeness.of(INT, "77", "4712", "4712")).isEqualTo(Degree.OTHER);
  }

  @Test
  void aMomentIsTheClocksWhenItIsThatOfTheExecution() {
    assertThat(
            likeness.of(
                MOMENT,
                "2026-11-20 10:00:05.1+00",
                "2026-11-28 09:00:00.5+00",
                "2026-11-28 09:00:00.5+00"))
        .isEqualTo(Degree.DRAWN);
    assertThat(
            likeness.of(
                MOMENT,
                "2026-11-19 10:00:05+00",
                "2026-11-28 09:00:00+00",
                "2026-11-28 09:00:00+00"))
        .isEqualTo(Degree.OTHER);
    assertThat(
            likeness.of(
                MOMENT,
                "2026-11-27 10:00:05.1+00",
                "2026-12-07 09:00:00.5+00",
                "2026-12-07 09:00:00.6+00"))
        .isEqualTo(Degree.CHANCE);
  }

  @Test
  void aDayMayBeARowsAndAWholeSecondToo() {
    assertThat(day(likeness)).isEqualTo(Degree.CHANCE);
    assertThat(
            likeness.of(
                MOMENT,
                "2026-11-20 10:00:05+00",
                "2026-11-28 09:00:01+00",
                "2026-11-28 09:00:01+00"))
        .isEqualTo(Degree.CHANCE);
    assertThat(
            likeness.of(
                TEXT,
                "{\"at\": \"2026-11-20T10:00:05.5Z\"}",
                "{\"at\": \"2026-11-28T09:00:00.5Z\"}",
                "{\"at\": \"2026-11-28T09:00:00.5Z\"}"))
        .isEqualTo(Degree.DRAWN);
    assertThat(
            likeness.of(
                TEXT,
                "{\"at\": \"2026-11-20T10:00:05Z\"}",
                "{\"at\": \"2026-11-28T09:00:01Z\"}",
                "{\"at\": \"2026-11-28T09:00:01Z\"}"))
        .isEqualTo(Degree.CHANCE);
  }

  @Test
  void withoutThatRuleADayThatWasReadIsTheClocks() {
    assertThat(day(likeness(Traps.of(Trap.TODAY_IS_THE_CLOCKS)))).isEqualTo(Degree.DRAWN);
  }

  private static Degree day(Likeness likeness) {
    return likeness.of(DATE, "2026-11-20", "2026-11-28", "2026-11-28");
  }

  @Test
  void randomKeysGoTogetherToo() {
    String was = "2b1f8f60-0000-4000-8000-000000000001";
    String is = "9c1f8f60-0000-4000-8000-000000000002";
    String again = "7d1f8f60-0000-4000-8000-000000000003";
    assertThat(likeness.of(UUID, was, is, again)).isEqualTo(Degree.DRAWN);
    assertThat(
            likeness.of(
                TEXT,
                "{\"id\": \"" + was + "\"}",
                "{\"id\": \"" + is + "\"}",
                "{\"id\": \"" + again + "\"}"))
        .isEqualTo(Degree.DRAWN);
    assertThat(likeness.of(UUID, was, again, is)).isEqualTo(Degree.CHANCE);
  }

  @Test
  void whatIsOtherwiseEachTimeIsChance() {
    assertThat(likeness.of(TEXT, "x7f", "q9z!", "m")).isEqualTo(Degree.CHANCE);
    assertThat(likeness.of(701, "0.5", "0.25", "0.75")).isEqualTo(Degree.CHANCE);
  }
}
