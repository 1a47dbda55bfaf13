package dev.anabranch.promote.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.predicate.overlay.Drawn;
import dev.anabranch.promote.BranchModel;
import dev.anabranch.promote.Verdicts;
import dev.anabranch.promote.fact.Fact;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PromotionPlannerTests {

  private static final long INT = 23;
  private static final long TEXT = 25;
  private static final TableId SEQUENCE = new TableId(900);

  private final TableShape customers = shape(100, "customers", "id", "name", "city");
  private final TableShape orders = shape(200, "orders", "id", "customer", "total");
  private final BranchModel branch = new BranchModel();
  private final Verdicts verdicts = new Verdicts();
  private final Map<TableId, MainTable> main = new LinkedHashMap<>();
  private final Map<TableId, TableShape> atFork = new HashMap<>();
  private final Map<RowRef, MainRow> rows = new HashMap<>();

  PromotionPlannerTests() {
    ForeignKey belongs =
        new ForeignKey(
            "orders_customer_fkey",
            orders.id(),
            "orders",
            List.of(2),
            List.of("customer"),
            customers.id(),
            "customers",
            List.of("id"),
            List.of(),
            false);
    main.put(customers.id(), table(customers, Map.of(), List.of(), List.of(belongs)));
    main.put(orders.id(), table(orders, Map.of(), List.of(belongs), List.of()));
    atFork.put(customers.id(), customers);
    atFork.put(orders.id(), orders);
  }

  @Test
  void writesWhatOnlyTheBranchChanged() {
    both(customers, "1", "Ann", "Oslo");
    branch.unit(unit -> unit.update(customers, "1", "city", "Rome"));
    onMain(customers, "1", "Ann B.", "Oslo");
    Plan plan = plan();
    assertThat(plan.landing()).containsExactly(1L);
    assertThat(written(plan)).containsExactly("update customers 1 city=Rome");
  }

  @Test
  void hasNothingToDoWhereBothSidesAgree() {
    both(customers, "1", "Ann", "Oslo");
    both(customers, "2", "Ben", "Oslo");
    branch.unit(unit -> unit.update(customers, "1", "city", "Rome").delete(customers, "2"));
    onMain(customers, "1", "Ann", "Rome");
    gone(customers, "2");
    Plan plan = plan();
    assertThat(plan.landing()).containsExactly(1L);
    assertThat(plan.changes()).isEmpty();
    assertThat(plan.facts()).isEmpty();
  }

  @Test
  void conflictsWhenBothInsertedTheSameRow() {
    branch.unit(unit -> unit.insert(customers, "3", "Cy", "Bonn"));
    onMain(customers, "3", "Cy", "Bonn");
    Plan plan = plan();
    assertThat(plan.landing()).isEmpty();
    assertThat(plan.facts().getFirst().kind()).isEqualTo(Fact.Kind.CONFLICT);
  }

  @Test
  void conflictsWhenTheBranchSetACellBackThatMainChanged() {
    both(customers, "1", "Ann", "Oslo");
    branch.unit(unit -> unit.update(customers, "1", "city", "Rome"));
    branch.unit(unit -> unit.update(customers, "1", "city", "Oslo"));
    onMain(customers, "1", "Ann", "Paris");
    Plan plan = plan();
    assertThat(plan.landing()).isEmpty();
    assertThat(plan.facts().getFirst().kind()).isEqualTo(Fact.Kind.CONFLICT);
  }

  @Test
  void holdsAUnitWhoseCellMainChangedOtherwiseAndShowsAllThreeValues() {
    both(customers, "1", "Ann", "Oslo");
    branch.unit(
        unit -> unit.update(customers, "1", "city", "Rome").update(customers, "1", "name", "Anna"));
    onMain(customers, "1", "Ann", "Paris");
    Plan plan = plan();
    assertThat(plan.held()).containsExactly(1L);
    assertThat(plan.changes()).isEmpty();
    Fact fact = plan.facts().getFirst();
    assertThat(fact.kind()).isEqualTo(Fact.Kind.CONFLICT);
    assertThat(fact.table()).contains("public.customers");
    assertThat(fact.key()).contains(Map.of("id", "1"));
    assertThat(fact.base()).contains(Map.of("city", "Oslo"));
    assertThat(fact.branch()).contains(Map.of("city", "Rome"));
    assertThat(fact.main()).contains(Map.of("city", "Paris"));
    assertThat(fact.units()).containsExactly(1L);
    assertThat(fact.choices()).containsExactly("branch", "main", "value", "drop");
  }

  @Test
  void conflictsWhenOneSideDeletedWhatTheOtherChanged() {
    both(customers, "1", "Ann", "Oslo");
    both(customers, "2", "Ben", "Oslo");
    branch.unit(unit -> unit.delete(customers, "1"));
    branch.unit(unit -> unit.update(customers, "2", "city", "Rome"));
    onMain(customers, "1", "Ann", "Paris");
    gone(customers, "2");
    Plan plan = plan();
    assertThat(plan.held()).containsExactly(1L, 2L);
    assertThat(plan.facts()).hasSize(2);
    assertThat(plan.facts().get(0).branch()).isEmpty();
    assertThat(plan.facts().get(1).main()).isEmpty();
  }

  @Test
  void conflictsWhenBothInsertedANaturalKeyDifferently() {
    branch.unit(unit -> unit.insert(customers, "5", "Eve", "Oslo"));
    onMain(customers, "5", "Eve", "Rome");
    Plan plan = plan();
    assertThat(plan.held()).containsExactly(1L);
    assertThat(plan.facts().getFirst().base()).isEmpty();
    assertThat(plan.facts().getFirst().main()).contains(Map.of("city", "Rome"));
  }

  @Test
  void landsTheUnitsBeforeAConflictAndHoldsThoseAfterItOnTheSameRow() {
    both(customers, "1", "Ann", "Oslo");
    both(customers, "2", "Ben", "Oslo");
    branch.unit(unit -> unit.update(customers, "1", "name", "Anna"));
    branch.unit(unit -> unit.update(customers, "1", "city", "Rome"));
    branch.unit(unit -> unit.update(customers, "1", "name", "Annabel"));
    branch.unit(unit -> unit.update(customers, "2", "city", "Bonn"));
    onMain(customers, "1", "Ann", "Paris");
    Plan plan = plan();
    assertThat(plan.landing()).containsExactly(1L, 4L);
    assertThat(written(plan))
        .containsExactly("update customers 1 name=Anna", "update customers 2 city=Bonn");
    assertThat(plan.facts()).hasSize(1);
    assertThat(plan.facts().getFirst().units()).containsExactly(2L, 3L);
  }

  @Test
  void aConflictEndsWhenALaterUnitGivesTheRowMainsValue() {
    both(customers, "1", "Ann", "Oslo");
    branch.unit(unit -> unit.update(customers, "1", "city", "Rome"));
    branch.unit(unit -> unit.update(customers, "1", "city", "Paris"));
    onMain(customers, "1", "Ann", "Paris");
    Plan plan = plan();
    assertThat(plan.landing()).containsExactly(1L, 2L);
    assertThat(plan.changes()).isEmpty();
  }

  @Test
  void holdsWhatRestsOnAChangedOrUndecidedAnswerAndNamesTheRootOnly() {
    both(customers, "1", "Ann", "Oslo");
    both(customers, "2", "Ben", "Oslo");
    verdicts.holds(16).changed(17, "47", "48").undecided(18);
    verdicts.rests(1, 16L).rests(2, 16L, 17L).rests(3, 18L);
    branch.unit(unit -> unit.update(customers, "1", "name", "Anna"));
    branch.unit(unit -> unit.update(customers, "1", "city", "Rome"));
    branch.unit(unit -> unit.update(customers, "2", "city", "Rome"));
    branch.unit(unit -> unit.update(customers, "1", "city", "Bonn"));
    Plan plan = plan();
    assertThat(plan.landing()).containsExactly(1L);
    assertThat(plan.restsOn()).containsExactly(16L);
    assertThat(plan.facts())
        .extracting(fact -> fact.answer().orElseThrow())
        .containsExactly(17L, 18L);
    assertThat(plan.facts().getFirst().sentence())
        .startsWith("answer 17 was 47, is 48 (1 row entered)");
    assertThat(plan.facts().getFirst().units()).containsExactly(2L, 4L);
    assertThat(plan.facts().getLast().units()).containsExactly(3L);
  }

  @Test
  void landsWhatAPersonAccepted() {
    both(customers, "1", "Ann", "Oslo");
    verdicts.changed(17, "47", "48").rests(1, 17L);
    branch.unit(unit -> unit.update(customers, "1", "city", "Rome"));
    assertThat(plan().held()).containsExactly(1L);
    assertThat(plan(Set.of(17L), List.of()).landing()).containsExactly(1L);
  }

  @Test
  void anAnswerWithoutAVerdictHoldsNothingTrue() {
    both(customers, "1", "Ann", "Oslo");
    verdicts.rests(1, 99L);
    branch.unit(unit -> unit.update(customers, "1", "city", "Rome"));
    assertThat(plan().held()).containsExactly(1L);
  }

  @Test
  void holdsAUnitWhoseAnswerMayHaveReadAHeldUnit() {
    both(customers, "1", "Ann", "Oslo");
    both(customers, "2", "Ben", "Oslo");
    verdicts.changed(17, "47", "48").holds(18).rests(1, 17L).rests(2, 18L).read(18, 1);
    branch.unit(unit -> unit.update(customers, "1", "city", "Rome"));
    branch.unit(unit -> unit.update(customers, "2", "city", "Rome"));
    Plan plan = plan();
    assertThat(plan.held()).containsExactly(1L, 2L);
    assertThat(plan.facts()).hasSize(1);
    assertThat(plan.facts().getFirst().units()).containsExactly(1L, 2L);
  }

  @Test
  void holdsAChildWhoseParentIsHeldAndAParentWhoseChildsRemovalIsHeld() {
    both(customers, "1", "Ann", "Oslo");
    both(orders, "10", "1", "5");
    verdicts.changed(17, "47", "48").rests(1, 17L).rests(3, 17L);
    branch.unit(unit -> unit.insert(customers, "2", "Ben", "Oslo"));
    branch.unit(unit -> unit.insert(orders, "11", "2", "7"));
    branch.unit(unit -> unit.delete(orders, "10"));
    branch.unit(unit -> unit.delete(customers, "1"));
    assertThat(plan().held()).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void twoChildrenOfOneParentDoNotDependOnEachOther() {
    both(customers, "1", "Ann", "Oslo");
    verdicts.changed(17, "47", "48").rests(1, 17L);
    branch.unit(unit -> unit.insert(orders, "10", "1", "5"));
    branch.unit(unit -> unit.insert(orders, "11", "1", "6"));
    Plan plan = plan();
    assertThat(plan.landing()).containsExactly(2L);
  }

  @Test
  void followsARowThroughKeyChanges() {
    both(customers, "1", "Ann", "Oslo");
    branch.unit(
        unit -> unit.update(customers, "1", "id", "9").update(customers, "9", "city", "Rome"));
    branch.unit(unit -> unit.insert(customers, "1", "New", "Bonn"));
    Plan plan = plan();
    assertThat(written(plan))
        .containsExactly(
            "update customers 1 id=9 city=Rome", "insert customers 1 id=1 name=New city=Bonn");
  }

  @Test
  void aKeyChangeOntoARowThatMainHasIsAConflict() {
    both(customers, "1", "Ann", "Oslo");
    branch.unit(unit -> unit.update(customers, "1", "id", "9"));
    onMain(customers, "9", "Ina", "Rome");
    assertThat(plan().held()).containsExactly(1L);
  }

  @Test
  void whatIsMadeAndUnmadeOnTheBranchLeavesNoTrace() {
    branch.unit(unit -> unit.insert(customers, "7", "Zoe", "Oslo"));
    branch.unit(unit -> unit.delete(customers, "7"));
    Plan plan = plan();
    assertThat(plan.landing()).containsExactly(1L, 2L);
    assertThat(plan.changes()).isEmpty();
  }

  @Test
  void followsRenamesAndLeavesNewColumnsOfMainAlone() {
    both(customers, "1", "Ann", "Oslo");
    branch.unit(
        unit -> unit.update(customers, "1", "city", "Rome").insert(customers, "2", "Ben", "Bonn"));
    TableShape renamed =
        new TableShape(
            customers.id(),
            "crm",
            "clients",
            List.of(
                new Column(1, "id", INT, -1, true),
                new Column(2, "full_name", TEXT, -1, false),
                new Column(3, "town", TEXT, -1, false),
                new Column(4, "vip", 16, -1, false)));
    main.put(customers.id(), table(renamed, Map.of(), List.of(), List.of()));
    Plan plan = plan();
    assertThat(written(plan))
        .containsExactly(
            "update clients 1 town=Rome", "insert clients 2 id=2 full_name=Ben town=Bonn");
  }

  @Test
  void aColumnThatMainDroppedOrRetypedHoldsOnlyWhatWroteIt() {
    both(customers, "1", "Ann", "Oslo");
    branch.unit(unit -> unit.update(customers, "1", "name", "Anna"));
    branch.unit(unit -> unit.update(customers, "1", "city", "Rome"));
    TableShape dropped =
        new TableShape(
            customers.id(),
            "public",
            "customers",
            List.of(new Column(1, "id", INT, -1, true), new Column(2, "name", TEXT, -1, false)));
    main.put(customers.id(), table(dropped, Map.of(), List.of(), List.of()));
    Plan plan = plan();
    assertThat(plan.landing()).containsExactly(1L);
    assertThat(plan.facts().getFirst().sentence())
        .contains("column city of public.customers was dropped on main");
  }

  @Test
  void whatCanNotBeFoldedBackIsAFact() {
    TableShape made = shape(300, "made_here", "id", "x");
    TableShape keyless =
        new TableShape(
            new TableId(400), "public", "log", List.of(new Column(1, "line", TEXT, -1, false)));
    atFork.put(keyless.id(), keyless);
    main.put(keyless.id(), table(keyless, Map.of(), List.of(), List.of()));
    both(orders, "10", "1", "5");
    branch.unit(unit -> unit.insert(made, "1", "x"));
    branch.unit(unit -> unit.remove(keyLike(keyless), "hello"));
    branch.unit(unit -> unit.truncate(orders));
    branch.unit(unit -> unit.insert(orders, "10", "1", "6"));
    branch.unit(unit -> unit.insert(customers, "3", "Cy", "Bonn"));
    Plan plan = plan();
    assertThat(plan.landing()).containsExactly(5L);
    assertThat(plan.facts()).allMatch(fact -> fact.kind() == Fact.Kind.CONSTRAINT);
    assertThat(plan.facts())
        .extracting(Fact::sentence)
        .satisfiesExactly(
            one -> assertThat(one).contains("made_here was created on the branch"),
            two -> assertThat(two).contains("orders was truncated on the branch"),
            three -> assertThat(three).contains("log has no key").contains("main has none now"));
    assertThat(plan.facts().get(1).units()).containsExactly(3L, 4L);
  }

  @Test
  void aTableThatMainDroppedHoldsItsUnits() {
    both(customers, "1", "Ann", "Oslo");
    branch.unit(unit -> unit.update(customers, "1", "city", "Rome"));
    main.remove(customers.id());
    assertThat(plan().facts().getFirst().sentence())
        .contains("public.customers was dropped on main");
  }

  @Test
  void aTableWithoutColumnsIsNotSaidToBeDropped() {
    TableShape bare = new TableShape(new TableId(77), "public", "bare", List.of());
    atFork.put(bare.id(), bare);
    branch.unit(unit -> unit.insert(bare));
    assertThat(plan().facts().getFirst().sentence())
        .contains("public.bare has no column")
        .doesNotContain("dropped");
  }

  @Test
  void aGeneratedKeyThatMainHasGivenOutIsRenumberedWithItsReferences() {
    both(customers, "1", "Ann", "Oslo");
    main.put(
        customers.id(),
        table(
            customers,
            Map.of(1, new Generator(SEQUENCE, "public.customers_id_seq", 12, 1)),
            List.of(),
            onMain(customers).referencedBy()));
    branch.unit(
        unit -> unit.insert(customers, "11", "Ben", "Rome").insert(customers, "13", "Cy", "Bonn"));
    branch.unit(unit -> unit.insert(orders, "50", "11", "5").insert(orders, "51", "13", "6"));
    onMain(customers, "11", "Other", "Lima");
    Plan plan = plan();
    assertThat(plan.facts()).isEmpty();
    assertThat(plan.numbers())
        .extracting(NumberRequest::value, NumberRequest::keepable)
        .containsExactly(tuple(11L, false), tuple(13L, true));
    Map<NumberRequest, Long> drawn = new HashMap<>();
    plan.numbers().forEach(number -> drawn.put(number, number.value() == 11 ? 14L : 13L));
    Numbered numbered = Numbered.of(plan, drawn);
    assertThat(numbered.changes())
        .extracting(PromotionPlannerTests.this::words)
        .containsExactly(
            "insert customers 14 id=14 name=Ben city=Rome",
            "insert customers 13 id=13 name=Cy city=Bonn",
            "insert orders 50 id=50 customer=14 total=5",
            "insert orders 51 id=51 customer=13 total=6");
    assertThat(numbered.renumberings()).hasSize(1);
    assertThat(numbered.renumberings().getFirst().keys())
        .containsExactly(Map.entry(new Key(List.of("11")), new Key(List.of("14"))));
  }

  @Test
  void aReferenceToARenumberedRowIsNeverTakenForMainsRowOfThatNumber() {
    both(customers, "1", "Ann", "Oslo");
    both(orders, "50", "1", "5");
    main.put(
        customers.id(),
        table(
            customers,
            Map.of(1, new Generator(SEQUENCE, "public.customers_id_seq", 11, 1)),
            List.of(),
            onMain(customers).referencedBy()));
    branch.unit(
        unit -> unit.insert(customers, "11", "Ben", "Rome").update(orders, "50", "customer", "11"));
    onMain(customers, "11", "Other", "Lima");
    onMain(orders, "50", "11", "5");
    Plan plan = plan();
    assertThat(plan.held()).containsExactly(1L);
    assertThat(plan.facts().getFirst().kind()).isEqualTo(Fact.Kind.CONFLICT);
  }

  @Test
  void laterUnitsFollowAnEarlierRenumbering() {
    both(customers, "1", "Ann", "Oslo");
    branch.row(customers, "11", "Ben", "Rome");
    onMain(customers, "14", "Ben", "Rome");
    onMain(customers, "11", "Other", "Lima");
    branch.unit(
        unit -> unit.update(customers, "11", "city", "Bonn").insert(orders, "60", "11", "1"));
    PromotionPlanner planner =
        new PromotionPlanner(
            input(
                Set.of(),
                List.of(),
                List.of(
                    new Renumbering(
                        customers.id(),
                        List.of(1),
                        Map.of(new Key(List.of("11")), new Key(List.of("14")))))));
    assertThat(written(planner.plan(new MainRows(rows, Map.of(), Map.of()))))
        .containsExactly(
            "update customers 14 city=Bonn", "insert orders 60 id=60 customer=14 total=1");
  }

  @Test
  void aRowThatMainRefusedHoldsItsUnitAndWhatDependsOnIt() {
    branch.unit(unit -> unit.insert(customers, "3", "Cy", "Bonn"));
    branch.unit(unit -> unit.insert(orders, "60", "3", "1"));
    branch.unit(unit -> unit.insert(customers, "4", "Di", "Bonn"));
    Plan plan =
        plan(
            Set.of(),
            List.of(
                new Rejection("public.customers", Map.of("id", "3"), List.of(1L), "name taken")));
    assertThat(plan.landing()).containsExactly(3L);
    assertThat(plan.facts().getFirst().sentence())
        .contains("main refuses row id=3 of public.customers: name taken");
    assertThat(plan.facts().getFirst().units()).containsExactly(1L, 2L);
  }

  @Test
  void rowsWhoseBeginningIsNotKnownHoldAllWritesToTheirTable() {
    both(customers, "1", "Ann", "Oslo");
    both(customers, "2", "Ben", "Bonn");
    both(orders, "7", "1", "70");
    branch.unit(unit -> unit.update(customers, "1", "city", "Rome").logsOnlyTheKey(customers));
    branch.unit(unit -> unit.update(customers, "1", "name", "Anna"));
    branch.unit(unit -> unit.delete(customers, "2"));
    branch.unit(unit -> unit.update(orders, "7", "total", "71"));
    Plan plan = plan();
    assertThat(written(plan)).containsExactly("update orders 7 total=71");
    assertThat(plan.facts()).hasSize(1);
    assertThat(plan.facts().getFirst().units()).containsExactly(1L, 2L, 3L);
    assertThat(plan.facts().getFirst().sentence()).contains("public.customers", "is not known");
  }

  // ------------------------------------------------------------------------------------------------------------------

  private Plan plan() {
    return plan(Set.of(), List.of());
  }

  private Plan plan(Set<Long> accepted, List<Rejection> rejections) {
    return new PromotionPlanner(input(accepted, rejections, List.of()))
        .plan(new MainRows(rows, Map.of(), Map.of()));
  }

  private PlanInput input(
      Set<Long> accepted, List<Rejection> rejections, List<Renumbering> earlier) {
    return new PlanInput(
        verdicts.report(),
        branch.units(),
        verdicts,
        atFork,
        Set.of(),
        Map.of(),
        Map.of(SEQUENCE, new Drawn(9, 100)),
        List.of(),
        main,
        earlier,
        accepted,
        new Decisions(BranchModel.ID, Map.of(), Traps.NONE),
        rejections,
        Traps.NONE);
  }

  private void both(TableShape table, String... texts) {
    branch.row(table, texts);
    onMain(table, texts);
  }

  private void onMain(TableShape table, String... texts) {
    Image image = new Image(Arrays.stream(texts).map(Cell::of).toList());
    rows.put(new RowRef(table.id(), table.keyOf(image)), new MainRow("1", Row.of(table, image)));
  }

  private MainTable onMain(TableShape table) {
    return Objects.requireNonNull(main.get(table.id()));
  }

  private void gone(TableShape table, String key) {
    rows.remove(new RowRef(table.id(), new Key(List.of(key))));
  }

  private List<String> written(Plan plan) {
    return plan.changes().stream().map(this::words).toList();
  }

  private String words(RowChange change) {
    MainTable table = Objects.requireNonNull(main.get(change.table()));
    List<String> words = new ArrayList<>();
    switch (change) {
      case RowChange.Insert insert -> {
        words.add("insert");
        words.add(table.shape().name());
        words.add(insert.key().toString());
        insert
            .cells()
            .forEach(
                (column, cell) -> words.add(table.columnName(column) + "=" + cell.cell().text()));
      }
      case RowChange.Update update -> {
        words.add("update");
        words.add(table.shape().name());
        words.add(update.key().toString());
        update
            .cells()
            .forEach(
                (column, cell) -> words.add(table.columnName(column) + "=" + cell.cell().text()));
      }
      case RowChange.Delete delete -> {
        words.add("delete");
        words.add(table.shape().name());
        words.add(delete.key().toString());
      }
    }
    return String.join(" ", words);
  }

  private static MainTable table(
      TableShape shape,
      Map<Integer, Generator> generators,
      List<ForeignKey> references,
      List<ForeignKey> referencedBy) {
    return new MainTable(
        shape,
        Map.of(),
        Map.of(),
        Set.of(),
        Set.of(Set.of(1)),
        Set.of(1),
        List.of(),
        Map.of(),
        generators,
        references,
        referencedBy,
        Map.of(),
        List.of());
  }

  private static TableShape shape(long oid, String name, String... columns) {
    List<Column> all = new ArrayList<>();
    for (int i = 0; i < columns.length; i++) {
      all.add(new Column(i + 1, columns[i], i == 0 ? INT : TEXT, -1, i == 0));
    }
    return new TableShape(new TableId(oid), "public", name, all);
  }

  /**
   * The same table as a branch's log tells it, where a whole row stands in for the key that is
   * missing.
   */
  private static TableShape keyLike(TableShape keyless) {
    return new TableShape(
        keyless.id(),
        keyless.schema(),
        keyless.name(),
        keyless.columns().stream()
            .map(column -> new Column(column.number(), column.name(), column.typeOid(), -1, true))
            .toList());
  }
}
