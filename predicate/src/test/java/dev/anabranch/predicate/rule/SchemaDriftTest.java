package dev.anabranch.predicate.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.mainfeed.schema.Rights;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is said of relations that are not there at both moments. */
class SchemaDriftTest {

  private static final TableId TABLE = new TableId(20_000);

  @Test
  void whatCameOrWentIsNamed() {
    assertThat(reason(with(TABLE), with())).contains("public.t was dropped");
    assertThat(reason(with(), with(TABLE))).contains("public.t was created");
  }

  @Test
  void whatOnlyTheOtherSideHasIsNotSaidToHaveComeOrGone() {
    assertThat(reason(with(), with())).contains("is not there").doesNotContain("dropped");
  }

  private static String reason(SchemaSnapshot then, SchemaSnapshot now) {
    return new SchemaDrift(then, now).altered(Set.of(TABLE)).orElseThrow();
  }

  private static SchemaSnapshot with(TableId... tables) {
    Map<TableId, Relation> relations =
        tables.length == 0 ? Map.of() : Map.of(tables[0], relation(tables[0]));
    return new SchemaSnapshot(
        new Lsn(1),
        relations,
        Map.of(),
        "",
        List.of(),
        "",
        new Rights(Map.of(), Map.of(), Set.of(), Set.of(), Map.of()),
        Map.of(),
        Map.of(),
        180_000);
  }

  private static Relation relation(TableId table) {
    return new Relation(
        new TableShape(table, "public", "t", List.of()),
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
        List.of(),
        Map.of(),
        List.of());
  }
}
