package dev.anabranch.promote.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.promote.BranchModel;
import dev.anabranch.promote.Verdicts;
import dev.anabranch.promote.fact.Choice;
import dev.anabranch.promote.fact.Decision;
import dev.anabranch.promote.fact.Fact;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of facts that a person has decided. */
final class DecisionsTests {

  private static final long INT = 23;
  private static final long TEXT = 25;

  private final TableShape stock = shape(100, "stock", "qty", "place");
  private final TableShape lines = shape(200, "lines", "item", "what");
  private final BranchModel branch = new BranchModel();
  private Verdicts verdicts = new Verdicts();
  private final Map<RowRef, MainRow> rows = new HashMap<>();
  private final Map<String, Decision> decided = new HashMap<>();
  private Traps traps = Traps.NONE;

  @Test
  void whatIsDroppedTakesWithItWhatDependsOnIt() {
    both("1", "10", "Oslo");
    verdicts.changed(17, "47", "48").holds(18).rests(1, 17L).rests(2, 18L).read(18, 1);
    branch.unit(unit -> unit.update(stock, "1", "qty", "11"));
    branch.unit(unit -> unit.insert(stock, "2", "11", "Rome"));
    branch.unit(unit -> unit.insert(stock, "3", "1", "Rome"));
    Fact fact = plan().facts().getFirst();
    assertThat(fact.choices()).containsExactly("accept", "drop");
    decide(fact, new Choice.Drop(), 1L);
    Plan plan = plan();
    assertThat(plan.landing()).containsExactly(3L);
    assertThat(plan.held()).isEmpty();
    assertThat(plan.dropped()).containsExactly(1L, 2L);
    assertThat(plan.facts())
        .singleElement()
        .satisfies(one -> {
          assertThat(one.decided().orElseThrow().choice()).isEqualTo("drop");
          assertThat(one.units()).containsExactly(1L, 2L);
        });
    traps = Traps.of(Trap.DROPPED_ALONE);
    assertThat(plan().landing()).contains(2L);
  }

  @Test
  void workThatComesAfterADropIsAskedAbout() {
    both("1", "10", "Oslo");
    both("2", "20", "Oslo");
    verdicts.changed(17, "47", "48").rests(1, 17L).rests(2, 17L);
    branch.unit(unit -> unit.update(stock, "1", "qty", "11"));
    decide(plan().facts().getFirst(), new Choice.Drop(), 1L);
    branch.unit(unit -> unit.update(stock, "2", "qty", "21"));
    Plan plan = plan();
    assertThat(plan.dropped()).containsExactly(1L);
    assertThat(plan.held()).containsExactly(2L);
    assertThat(plan.facts())
        .singleElement()
        .satisfies(one -> {
          assertThat(one.isOpen()).isTrue();
          assertThat(one.sentence()).contains("more work is held by it since");
        });
  }

  @Test
  void workThatComesLaterAndRestsOnADropIsAskedAbout() {
    both("1", "10", "Oslo");
    verdicts.changed(17, "47", "48").rests(1, 17L);
    branch.unit(unit -> unit.update(stock, "1", "qty", "11"));
    branch.unit(unit -> unit.insert(stock, "2", "11", "Rome").insert(stock, "3", "5", "Rome"));
    Fact asked = plan().facts().getFirst();
    decide(asked, new Choice.Drop(), 1L);
    branch.at(Instant.EPOCH.plusSeconds(1));
    branch.unit(unit -> unit.update(stock, "1", "qty", "12"));
    Plan plan = plan();
    assertThat(plan.landing()).containsExactly(2L);
    assertThat(plan.dropped()).containsExactly(1L);
    assertThat(plan.held()).containsExactly(3L);
    assertThat(plan.facts())
        .singleElement()
        .satisfies(one -> {
          assertThat(one.isOpen()).isTrue();
          assertThat(one.id()).isEqualTo(asked.id());
          assertThat(one.choices()).containsExactly("drop");
          assertThat(one.units()).containsExactly(3L);
        });
    decide(plan.facts().getFirst(), new Choice.Drop(), 1L, 3L);
    assertThat(plan().dropped()).containsExactly(1L, 3L);
    assertThat(plan().held()).isEmpty();
  }

  @Test
  void aRowThatIsInConflictTwiceIsTwoFacts() {
    both("1", "10", "Oslo");
    branch.unit(unit -> unit.update(stock, "1", "qty", "11").update(stock, "1", "id", "5"));
    onMain("1", "12", "Oslo");
    onMain("5", "50", "Bonn");
    Fact first = plan().facts().getFirst();
    decide(first, new Choice.Branch());
    Plan plan = plan();
    assertThat(plan.held()).containsExactly(1L);
    assertThat(plan.facts()).extracting(Fact::id).containsExactly(first.id() + "-2", first.id());
    assertThat(plan.facts().getFirst().isOpen()).isTrue();
    assertThat(plan.facts().getFirst().sentence()).contains("main has another row with the key");
    decide(plan.facts().getFirst(), new Choice.Drop(), 1L);
    assertThat(plan().dropped()).containsExactly(1L);
  }

  @Test
  void anAcceptedAnswerIsAcceptedAsItWas() {
    both("1", "10", "Oslo");
    verdicts.changed(17, "47", "48").rests(1, 17L);
    branch.unit(unit -> unit.update(stock, "1", "qty", "11"));
    Fact asked = plan().facts().getFirst();
    decide(asked, new Choice.Accept());
    assertThat(plan().landing()).containsExactly(1L);
    assertThat(plan().accepted()).containsExactly(17L);

    verdicts = new Verdicts().changed(17, "47", "49").rests(1, 17L);
    Fact again = plan().facts().getFirst();
    assertThat(again.id()).isEqualTo(asked.id());
    assertThat(again.isOpen()).isTrue();
    assertThat(again.sentence()).contains("is another now, so it is asked again");
    assertThat(plan().held()).containsExactly(1L);
    traps = Traps.of(Trap.DECIDED_FOR_GOOD);
    assertThat(plan().landing()).containsExactly(1L);
  }

  @Test
  void aConflictIsWrittenAsItWasDecided() {
    both("1", "10", "Oslo");
    branch.unit(unit ->
        unit.update(stock, "1", "qty", "11")
            .update(stock, "1", "place", "Lima")
            .insert(stock, "2", "1", "Rome"));
    onMain("1", "12", "Bonn");
    Fact fact = plan().facts().getFirst();
    decide(fact, new Choice.Branch());
    assertThat(written()).containsExactly("update 1 2=11 3=Lima", "insert 2");
    decide(fact, new Choice.Main());
    assertThat(written()).containsExactly("insert 2");
    assertThat(plan().landing()).containsExactly(1L);
    decide(fact, new Choice.Value(Map.of("qty", given("7"))));
    assertThat(plan().held()).as("one cell is open").containsExactly(1L);
    decide(fact, new Choice.Value(Map.of("qty", given("7"), "place", new Choice.Cell.OfMain())));
    assertThat(written()).containsExactly("update 1 2=7", "insert 2");
    onMain("1", "13", "Bonn");
    assertThat(plan().held()).containsExactly(1L);
    assertThat(plan().facts().getFirst().id()).isEqualTo(fact.id());
    assertThat(plan().facts().getFirst().state()).isNotEqualTo(fact.state());
  }

  @Test
  void aRowThatOneSideDeletedGoesToTheSideThatIsNamed() {
    both("1", "10", "Oslo");
    both("2", "20", "Oslo");
    branch.unit(unit -> unit.delete(stock, "1"));
    branch.unit(unit -> unit.update(stock, "2", "qty", "21"));
    onMain("1", "12", "Oslo");
    rows.remove(new RowRef(stock.id(), new Key(List.of("2"))));
    List<Fact> facts = plan().facts();
    assertThat(facts).allMatch(fact -> fact.choices().equals(List.of("branch", "main", "drop")));
    facts.forEach(fact -> decide(fact, new Choice.Branch()));
    assertThat(written()).containsExactly("delete 1", "insert 2");
    facts.forEach(fact -> decide(fact, new Choice.Main()));
    assertThat(written()).isEmpty();
    assertThat(plan().landing()).containsExactly(1L, 2L);
  }

  @Test
  void whoSawWhatMainWillNotHaveIsHeldUntilThatIsAccepted() {
    both("1", "10", "Oslo");
    verdicts.holds(18).rests(2, 18L).saw(18, 1);
    branch.unit(unit -> unit.update(stock, "1", "qty", "11"));
    branch.unit(unit -> unit.insert(stock, "2", "11", "Rome"));
    onMain("1", "12", "Oslo");
    Fact conflict = plan().facts().getFirst();
    decide(conflict, new Choice.Branch());
    assertThat(plan().landing()).containsExactly(1L, 2L);
    decide(conflict, new Choice.Main());
    Plan plan = plan();
    assertThat(plan.landing()).containsExactly(1L);
    assertThat(plan.held()).containsExactly(2L);
    Fact seen = plan.facts().getFirst();
    assertThat(seen.answer()).contains(18L);
    assertThat(seen.sentence()).contains("main will have otherwise", "main for row id=1");
    decide(seen, new Choice.Accept());
    assertThat(plan().landing()).containsExactly(1L, 2L);
    decide(conflict, new Choice.Value(Map.of("qty", given("9"))));
    assertThat(plan().held()).as("accepted was another decision").containsExactly(2L);
    decided.remove(seen.id());
    traps = Traps.of(Trap.OVERRULED_IS_AS_SEEN);
    assertThat(plan().landing()).containsExactly(1L, 2L);
  }

  @Test
  void aDecidedRowWaitsForTheLaterPartOfIt() {
    both("1", "10", "Oslo");
    verdicts.holds(18).rests(2, 18L).saw(18, 1);
    branch.unit(unit -> unit.update(stock, "1", "qty", "11"));
    branch.unit(unit -> unit.update(stock, "1", "qty", "13"));
    onMain("1", "12", "Oslo");
    Fact conflict = plan().facts().getFirst();
    decide(conflict, new Choice.Main());
    Plan plan = plan();
    assertThat(plan.held()).containsExactly(1L, 2L);
    assertThat(plan.facts())
        .filteredOn(Fact::isOpen)
        .singleElement()
        .satisfies(fact -> assertThat(fact.answer()).contains(18L));
    assertThat(plan.facts())
        .filteredOn(fact -> !fact.isOpen())
        .singleElement()
        .satisfies(fact -> assertThat(fact.id()).isEqualTo(conflict.id()));
    decide(plan.facts().getFirst(), new Choice.Accept());
    assertThat(plan().landing()).containsExactly(1L, 2L);
    assertThat(plan().changes()).isEmpty();
  }

  @Test
  void aRowOfMainsOwnIsNotWhatTheBranchsRowsReferTo() {
    branch.rows(stock);
    branch.unit(unit -> unit.insert(stock, "5", "1", "Oslo"));
    onMain("5", "2", "Rome");
    assertThat(plan().facts().getFirst().choices()).contains("main", "value");
    branch.unit(unit -> unit.insert(lines, "1", "5", "tea"));
    Fact fact = plan().facts().getFirst();
    assertThat(fact.choices()).containsExactly("branch", "drop");
    decide(fact, new Choice.Main());
    assertThat(plan().held()).containsExactly(1L, 2L);
    traps = Traps.of(Trap.ANY_ROW_OF_THAT_KEY);
    assertThat(plan().landing()).contains(2L);
  }

  @Test
  void aPlansDigestIsOfRowsFactsAndDecisions() {
    both("1", "10", "Oslo");
    both("2", "10", "Oslo");
    branch.unit(unit -> unit.update(stock, "1", "qty", "11"));
    branch.unit(unit -> unit.update(stock, "2", "qty", "11"));
    String clean = plan().digest();
    rows.replaceAll((place, row) -> new MainRow("another writer", row.row()));
    assertThat(plan().digest()).isEqualTo(clean);
    onMain("1", "10", "Rome");
    assertThat(plan().digest()).isNotEqualTo(clean);
    onMain("1", "12", "Oslo");
    String asked = plan().digest();
    decide(plan().facts().getFirst(), new Choice.Branch());
    String forBranch = plan().digest();
    decide(plan().facts().getFirst(), new Choice.Main());
    assertThat(List.of(clean, asked, forBranch, plan().digest())).doesNotHaveDuplicates();
  }

  // ------------------------------------------------------------------------------------------------------------------

  private static Choice.Cell given(String text) {
    return new Choice.Cell.Given(Optional.of(text));
  }

  private void decide(Fact fact, Choice choice, Long... units) {
    decided.put(
        fact.id(),
        new Decision(
            fact, choice, List.of(units), "ann", Optional.empty(), Instant.EPOCH, new Lsn(32)));
  }

  private Plan plan() {
    ForeignKey belongs =
        new ForeignKey(
            "lines_item_fkey",
            lines.id(),
            "lines",
            List.of(2),
            List.of("item"),
            stock.id(),
            "stock",
            List.of("id"),
            List.of(),
            false);
    Map<TableId, MainTable> main =
        Map.of(
            stock.id(), table(stock, List.of(), List.of(belongs)),
            lines.id(), table(lines, List.of(belongs), List.of()));
    return new PromotionPlanner(
            new PlanInput(
                verdicts.report(),
                branch.units(),
                verdicts,
                Map.of(stock.id(), stock, lines.id(), lines),
                Set.of(),
                Map.of(),
                Map.of(),
                List.of(),
                main,
                List.of(),
                Set.of(),
                new Decisions(BranchModel.ID, decided, traps),
                List.of(),
                traps))
        .plan(new MainRows(rows, Map.of(), Map.of()));
  }

  private List<String> written() {
    return plan().changes().stream()
        .map(change ->
            switch (change) {
              case RowChange.Insert insert -> "insert " + insert.key();
              case RowChange.Update update -> "update " + update.key() + words(update);
              case RowChange.Delete delete -> "delete " + delete.key();
            })
        .toList();
  }

  private static String words(RowChange.Update update) {
    StringBuilder words = new StringBuilder();
    update
        .cells()
        .forEach((column, cell) ->
            words.append(' ').append(column).append('=').append(cell.cell().text()));
    return words.toString();
  }

  private void both(String... texts) {
    branch.row(stock, texts);
    onMain(texts);
  }

  private void onMain(String... texts) {
    Image image = new Image(Arrays.stream(texts).map(Cell::of).toList());
    rows.put(new RowRef(stock.id(), stock.keyOf(image)), new MainRow("1", Row.of(stock, image)));
  }

  private static MainTable table(
      TableShape shape, List<ForeignKey> references, List<ForeignKey> referencedBy) {
    return new MainTable(
        shape,
        Map.of(),
        Map.of(),
        Set.of(),
        Set.of(Set.of(1)),
        Set.of(1),
        List.of(),
        Map.of(),
        Map.of(),
        references,
        referencedBy,
        Map.of(),
        List.of());
  }

  private static TableShape shape(long oid, String name, String second, String third) {
    return new TableShape(
        new TableId(oid),
        "public",
        name,
        List.of(
            new Column(1, "id", INT, -1, true),
            new Column(2, second, INT, -1, false),
            new Column(3, third, TEXT, -1, false)));
  }
}
