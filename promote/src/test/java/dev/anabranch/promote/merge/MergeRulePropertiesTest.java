package dev.anabranch.promote.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Cell;
import dev.anabranch.base.TypeOid;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * Branches of one fork point land in any order, some of them delivered twice: a cell that combines
 * comes out the same.
 */
final class MergeRulePropertiesTest {

  private static final int INT4_ARRAY = 1007;
  private static final int TEXT_ARRAY = 1009;
  private static final int NO_MODIFIER = -1;

  /** numeric(6,2). */
  private static final int SIX_TWO = ((6 << 16) | 2) + 4;

  /**
   * What becomes of a cell on main.
   *
   * @param landed the places of those that landed
   */
  private record Landed(Cell main, Set<Integer> landed) {}

  /**
   * A history: what the cell was, what each branch made of it, and what chance decides.
   *
   * @param sides NULLs among them
   */
  record History(Cell base, List<Cell> sides, long seed) {

    List<Integer> order() {
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < sides.size(); i++) {
        order.add(i);
      }
      return order;
    }

    List<Integer> shuffled(Random dice) {
      List<Integer> order = order();
      Collections.shuffle(order, dice);
      return order;
    }
  }

  private static Landed land(MergeRule rule, History history, List<Integer> order) {
    Cell main = history.base();
    Set<Integer> landed = new HashSet<>();
    for (int place : order) {
      Cell side = history.sides().get(place);
      if (landed.contains(place)) {
        continue; // What has landed is not landed again.
      }
      if (side.equals(history.base())) {
        landed.add(place);
      } else if (main.equals(history.base()) || (main.equals(side) && !rule.needsOperations())) {
        main = side;
        landed.add(place);
      } else if (rule.merge(history.base(), side, main) instanceof Merged.Together(String text)) {
        main = new Cell.Text(text);
        landed.add(place);
      }
    }
    return new Landed(main, landed);
  }

  private static void comesOutTheSame(MergeRule rule, History history) {
    Random dice = new Random(history.seed());
    Landed first = land(rule, history, history.order());
    List<Integer> twice = history.shuffled(dice);
    twice.addAll(history.shuffled(dice));
    for (List<Integer> order : List.of(history.shuffled(dice), twice)) {
      Landed other = land(rule, history, order);
      if (other.landed().equals(first.landed())) {
        assertThat(value(rule, other.main()))
            .as("%s in order %s", history, order)
            .isEqualTo(value(rule, first.main()));
      }
      boolean allLand =
          first.landed().size() == history.sides().size() && history.sides().size() == 2;
      if (allLand) {
        assertThat(other.landed()).as("%s in order %s", history, order).isEqualTo(first.landed());
      }
    }
  }

  /** Of a numeric without a scale 1 and 1.00 are one value. */
  private static Object value(MergeRule rule, Cell cell) {
    return rule instanceof CounterRule
            && cell instanceof Cell.Text(String text)
            && !text.endsWith("N")
            && !text.endsWith("y")
        ? new BigDecimal(text).stripTrailingZeros()
        : cell;
  }

  private static MergeRule rule(String word, long type, int modifier) {
    return MergeRule.of(word, type, modifier).orElseThrow();
  }

  private static Arbitrary<History> histories(Arbitrary<String> values) {
    Arbitrary<Cell> cells =
        values
            .map(text -> (Cell) new Cell.Text(text))
            .injectNull(0.02)
            .map(cell -> cell == null ? Cell.Absent.NULL : cell);
    return Combinators.combine(cells, cells.list().ofMinSize(2).ofMaxSize(4), Arbitraries.longs())
        .as(History::new);
  }

  @Provide
  Arbitrary<History> wholes() {
    return histories(
        Arbitraries.oneOf(
            Arbitraries.integers().between(-20, 20).map(String::valueOf),
            Arbitraries.of(Integer.MIN_VALUE, Integer.MAX_VALUE, 0, -1).map(String::valueOf)));
  }

  @Provide
  Arbitrary<History> decimals() {
    return histories(
        Arbitraries.oneOf(
            Arbitraries.integers().between(-2000, 2000).map(n -> Integer.toString(n / 10)),
            Arbitraries.bigDecimals()
                .ofScale(2)
                .map(n -> n.remainder(new BigDecimal(9)).toPlainString()),
            Arbitraries.of("NaN", "9999.99", "-9999.99", "Infinity", "0", "0.00")));
  }

  @Provide
  Arbitrary<History> moments() {
    return histories(
        Arbitraries.of(
            "2026-11-30 10:00:00+00",
            "2026-11-30 10:00:00.5+00",
            "2026-12-01 00:00:00+00",
            "infinity",
            "-infinity",
            "0044-03-15 00:00:00+00 BC"));
  }

  @Provide
  Arbitrary<History> numberSets() {
    return histories(
        Arbitraries.integers()
            .between(-2, 12)
            .list()
            .ofMaxSize(6)
            .map(list -> ArrayText.write(list.stream().map(String::valueOf).toList())));
  }

  @Provide
  Arbitrary<History> wordSets() {
    return histories(
        Arbitraries.of("a", "b", "", "NULL", "two words", "q\"uote", "back\\slash", "{x}", "ä,ö")
            .list()
            .uniqueElements()
            .ofMaxSize(6)
            .map(ArrayText::write));
  }

  @Provide
  Arbitrary<History> jsonSets() {
    return histories(
        Arbitraries.of("1", "2", "\"1\"", "\"x\"", "true", "null", "1.0")
            .list()
            .uniqueElements()
            .ofMaxSize(5)
            .map(list -> "[" + String.join(", ", list) + "]"));
  }

  @Provide
  Arbitrary<History> maps() {
    Arbitrary<String> leaves = Arbitraries.of("1", "1.0", "\"x\"", "null", "[1, 2]");
    Arbitrary<String> inner =
        Arbitraries.maps(Arbitraries.of("k", "kk", "z"), leaves).ofMaxSize(3).map(this::object);
    return histories(
        Arbitraries.maps(Arbitraries.of("a", "b", "cc", "d"), Arbitraries.oneOf(leaves, inner))
            .ofMaxSize(4)
            .map(this::object));
  }

  private String object(Map<String, String> values) {
    TreeMap<String, String> sorted = new TreeMap<>(JsonText.KEYS);
    sorted.putAll(values);
    List<String> entries = new ArrayList<>();
    sorted.forEach((key, value) -> entries.add("\"" + key + "\": " + value));
    return "{" + String.join(", ", entries) + "}";
  }

  /** Edits of one text: lines taken out, put in and replaced, some of them there several times. */
  @Provide
  Arbitrary<History> texts() {
    Arbitrary<List<String>> base =
        Arbitraries.of("one", "two", "three", "four", "five", "six", "")
            .list()
            .ofMinSize(2)
            .ofMaxSize(8);
    return Combinators.combine(base, Arbitraries.longs(), Arbitraries.integers().between(2, 4))
        .as((lines, seed, count) -> {
          Random dice = new Random(seed);
          List<Cell> sides = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            sides.add(new Cell.Text(text(edited(lines, dice))));
          }
          return new History(new Cell.Text(text(lines)), sides, seed);
        });
  }

  private static List<String> edited(List<String> lines, Random dice) {
    List<String> edited = new ArrayList<>(lines);
    for (int edits = dice.nextInt(3); edits > 0 && !edited.isEmpty(); edits--) {
      int at = dice.nextInt(edited.size());
      switch (dice.nextInt(3)) {
        case 0 -> edited.remove(at);
        case 1 -> edited.add(at, "new " + dice.nextInt(5));
        default -> edited.set(at, "changed " + dice.nextInt(5));
      }
    }
    return edited;
  }

  private static String text(List<String> lines) {
    return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
  }

  @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
  void wholeNumbersAddUp(@ForAll("wholes") History history) {
    comesOutTheSame(rule("counter", TypeOid.INT4, NO_MODIFIER), history);
  }

  @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
  void decimalsAddUp(@ForAll("decimals") History history) {
    comesOutTheSame(rule("counter", TypeOid.NUMERIC, SIX_TWO), history);
  }

  @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
  void theGreatestWins(@ForAll("decimals") History history) {
    comesOutTheSame(rule("max", TypeOid.NUMERIC, NO_MODIFIER), history);
  }

  @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
  void theLeastWins(@ForAll("wholes") History history) {
    comesOutTheSame(rule("min", TypeOid.INT4, NO_MODIFIER), history);
  }

  @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
  void theLatestMomentWins(@ForAll("moments") History history) {
    comesOutTheSame(rule("max", TypeOid.TIMESTAMPTZ, NO_MODIFIER), history);
  }

  @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
  void setsOfNumbersUnite(@ForAll("numberSets") History history) {
    comesOutTheSame(rule("set", INT4_ARRAY, NO_MODIFIER), history);
  }

  @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
  void setsOfWordsUnite(@ForAll("wordSets") History history) {
    comesOutTheSame(rule("set", TEXT_ARRAY, NO_MODIFIER), history);
  }

  @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
  void setsInJsonUnite(@ForAll("jsonSets") History history) {
    comesOutTheSame(rule("set", TypeOid.JSONB, NO_MODIFIER), history);
  }

  @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
  void objectsUniteKeyByKey(@ForAll("maps") History history) {
    comesOutTheSame(rule("map", TypeOid.JSONB, NO_MODIFIER), history);
  }

  @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
  void textsUniteLineByLine(@ForAll("texts") History history) {
    comesOutTheSame(rule("text", TypeOid.TEXT, NO_MODIFIER), history);
  }

  /** The rule against the definition: the fork's value and what each side added. */
  @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
  void aCounterIsTheSumOfWhatWasAdded(@ForAll("wholes") History history) {
    Landed landed = land(rule("counter", TypeOid.INT8, NO_MODIFIER), history, history.order());
    if (history.base() instanceof Cell.Text(String was)
        && landed.main() instanceof Cell.Text(String now)
        && history.sides().stream().noneMatch(Cell.Absent.NULL::equals)) {
      long sum = Long.parseLong(was);
      for (int place : landed.landed()) {
        sum +=
            Long.parseLong(String.valueOf(history.sides().get(place).text())) - Long.parseLong(was);
      }
      assertThat(Long.parseLong(now)).isEqualTo(sum);
    }
  }

  /** What one side put in is in, and what one side took out is out. */
  @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
  void nothingOfASetIsLost(@ForAll("wordSets") History history) {
    Landed landed = land(rule("set", TEXT_ARRAY, NO_MODIFIER), history, history.order());
    Optional<Set<String>> was = members(history.base());
    if (was.isEmpty()
        || history.sides().contains(Cell.Absent.NULL)
        || landed.landed().size() < history.sides().size()) {
      return;
    }
    Set<String> wanted = new TreeSet<>(was.get());
    for (Cell side : history.sides()) {
      Set<String> gone = new HashSet<>(was.get());
      gone.removeAll(members(side).orElseThrow());
      wanted.removeAll(gone);
    }
    for (Cell side : history.sides()) {
      members(side).orElseThrow().stream()
          .filter(member -> !was.get().contains(member))
          .forEach(wanted::add);
    }
    assertThat(members(landed.main()).orElseThrow()).isEqualTo(wanted);
  }

  private static Optional<Set<String>> members(Cell cell) {
    return cell instanceof Cell.Text(String text)
        ? ArrayText.read(text).<Set<String>>map(TreeSet::new)
        : Optional.empty();
  }
}
