package dev.anabranch.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.schema.Rights;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Reference;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rows that a branch of a branch began with and main did not have. */
class InheritedTest {

  private static final Lsn SOMEWHERE = new Lsn(1);
  private static final TableShape ORDERS = shape(1, "orders", "id", "s");
  private static final TableShape LINES = shape(2, "lines", "id", "o");
  private static final TableShape KEYLESS =
      new TableShape(new TableId(3), "public", "log", List.of(new Column(1, "t", 25, -1, false)));

  private final Map<Key, Image> began = new HashMap<>();
  private final Map<Key, Image> main = new HashMap<>();

  InheritedTest() {
    began.put(key("1"), row("1", "open"));
    began.put(key("2"), row("2", "open"));
    began.put(key("3"), row("3", "closed by the parent"));
    main.put(key("2"), row("2", "open"));
    main.put(key("3"), row("3", "open"));
  }

  @Test
  void whatTheParentMadeIsNotMains() {
    Write update = update(ORDERS, row("1", "open"), row("1", "paid"));
    Write delete = new Write.Delete(ORDERS.id(), SOMEWHERE, row("1", "open"));
    assertThat(heldFor(update)).contains("row id=1 of public.orders");
    assertThat(heldFor(delete)).contains("row id=1 of public.orders");
  }

  @Test
  void whatTheParentChangedIsNotMains() {
    assertThat(heldFor(update(ORDERS, row("3", "closed by the parent"), row("3", "x"))))
        .contains("row id=3");
  }

  @Test
  void whatMainHadIsMains() {
    assertThat(heldFor(update(ORDERS, row("2", "open"), row("2", "paid")))).isEmpty();
  }

  @Test
  void whatTheBranchMadeItselfIsItsOwn() {
    assertThat(heldFor(new Write.Insert(ORDERS.id(), SOMEWHERE, row("9", "new")))).isEmpty();
    assertThat(heldFor(line("1", "9"))).isEmpty();
  }

  @Test
  void aReferenceToWhatTheParentMadeIsHeld() {
    assertThat(heldFor(line("5", "1"))).contains("row id=1 of public.orders");
    assertThat(heldFor(line("5", "2"))).isEmpty();
    assertThat(heldFor(line("5", null))).isEmpty();
    assertThat(heldFor(update(LINES, row("5", "2"), row("5", "1")))).contains("row id=1");
  }

  @Test
  void whatHasNoKeyCanNotBeTold() {
    Write delete = new Write.Delete(KEYLESS.id(), SOMEWHERE, new Image(List.of(Cell.of("x"))));
    assertThat(heldFor(delete)).contains("public.log");
  }

  @Test
  void aRowThatCanNotBeLookedUpIsHeld() {
    assertThat(
            units(
                update(ORDERS, row("2", "open"), row("2", "paid")),
                (shape, keys) -> new BranchRows.Found(Map.of(), List.copyOf(keys))))
        .containsKey(7L);
  }

  private String heldFor(Write write) {
    return units(write, (shape, keys) -> new BranchRows.Found(of(began, shape, keys), List.of()))
        .getOrDefault(7L, "");
  }

  private Map<Long, String> units(Write write, Inherited.Beginning beginning) {
    Unit unit =
        new Unit(
            7,
            new BranchId(1),
            1,
            SOMEWHERE,
            Instant.EPOCH,
            List.of(ORDERS, LINES, KEYLESS),
            List.of(write));
    return Inherited.units(
        List.of(unit), schema(), beginning, (shape, keys) -> of(main, shape, keys));
  }

  /** Lines are not looked for: none was there. */
  private static Map<Key, Image> of(Map<Key, Image> rows, TableShape shape, Collection<Key> keys) {
    Map<Key, Image> found = new HashMap<>(shape.equals(ORDERS) ? rows : Map.of());
    found.keySet().retainAll(keys);
    return found;
  }

  private static SchemaSnapshot schema() {
    return new SchemaSnapshot(
        SOMEWHERE,
        Map.of(
            ORDERS.id(),
            relation(ORDERS),
            LINES.id(),
            relation(LINES, new Reference(List.of(2), ORDERS.id(), List.of(1))),
            KEYLESS.id(),
            relation(KEYLESS)),
        Map.of(),
        "",
        List.of(),
        "",
        new Rights(Map.of(), Map.of(), Set.of(), Set.of(), Map.of()),
        Map.of(),
        Map.of(),
        180_000);
  }

  private static Relation relation(TableShape shape, Reference... references) {
    return new Relation(
        shape,
        'r',
        'p',
        "",
        Set.of(),
        Set.of(),
        Map.of(),
        true,
        true,
        Set.of(),
        Map.of(),
        Map.of(),
        false,
        List.of(references),
        Map.of(),
        List.of());
  }

  private static TableShape shape(long id, String name, String key, String other) {
    return new TableShape(
        new TableId(id),
        "public",
        name,
        List.of(new Column(1, key, 23, -1, true), new Column(2, other, 25, -1, false)));
  }

  private static Write update(TableShape shape, Image before, Image after) {
    return new Write.Update(shape.id(), SOMEWHERE, before, after);
  }

  private static Write line(String id, @org.jspecify.annotations.Nullable String order) {
    return new Write.Insert(LINES.id(), SOMEWHERE, row(id, order));
  }

  private static Key key(String text) {
    return new Key(List.of(text));
  }

  private static Image row(@org.jspecify.annotations.Nullable String... cells) {
    return new Image(Arrays.stream(cells).map(Cell::of).toList());
  }
}
