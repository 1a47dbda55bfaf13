package dev.anabranch.predicate.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Column;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.mainfeed.schema.Rights;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Reference;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.footprint.Mentions;
import dev.anabranch.predicate.footprint.Repeat;
import dev.anabranch.predicate.footprint.Traits;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which tables count as read, between a check and a commit. */
class ReadingTest {

  private static final TableId SHOP = new TableId(1);
  private static final TableId BILL = new TableId(2);
  private static final TableId LINE = new TableId(3);

  private final Reading reading =
      new Reading(
          schema(
              relation(SHOP, List.of()),
              relation(BILL, List.of(SHOP)),
              relation(LINE, List.of(BILL)),
              relation(new TableId(4), List.of())));

  private static Relation relation(TableId id, List<TableId> parents) {
    TableShape shape =
        new TableShape(id, "public", "t" + id, List.of(new Column(1, "id", 23, -1, true)));
    return new Relation(
        shape,
        'r',
        'p',
        "",
        Set.of(),
        Set.of(),
        Map.of(),
        true,
        false,
        Set.of(),
        Map.of(),
        Map.of(),
        false,
        parents.stream().map(parent -> new Reference(List.of(1), parent, List.of(1))).toList(),
        Map.of(),
        List.of());
  }

  private static SchemaSnapshot schema(Relation... relations) {
    return new SchemaSnapshot(
        new Lsn(1),
        Stream.of(relations)
            .collect(Collectors.toMap(relation -> relation.shape().id(), relation -> relation)),
        Map.of(),
        "",
        List.of(),
        "",
        Rights.UNKNOWN,
        Map.of(),
        Map.of(),
        180006);
  }

  private static Traits traits() {
    return new Traits(
        Set.of(SHOP),
        Optional.empty(),
        false,
        false,
        new Repeat.Same(),
        Optional.empty(),
        new Mentions(Set.of(), false, false, Set.of(), Set.of(), Set.of(), false, Set.of()),
        Traits.RowOrder.NONE,
        Optional.empty());
  }

  @Test
  void whoRemovesARowReadsAllThatMayGoWithIt() {
    Footprint.Reads words = new Footprint.Reads(List.of(), traits(), Optional.empty());

    assertThat(
            reading.tables(
                new Footprint.AlwaysRerun(
                    "rows of others follow",
                    traits(),
                    Optional.of(new Footprint.Words(words, Footprint.Besides.REFERRING_ROWS)))))
        .contains(Set.of(SHOP, BILL, LINE));
    assertThat(reading.tables(words)).contains(Set.of(SHOP));
  }
}
