package dev.anabranch.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps;
import dev.anabranch.ledger.Question;
import dev.anabranch.mainfeed.schema.SchemaReader;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.footprint.Columns;
import dev.anabranch.predicate.footprint.Combining;
import dev.anabranch.predicate.footprint.Combining.Kind;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.footprint.Occurrence;
import dev.anabranch.predicate.footprint.Writes;
import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which statements only operate on columns that combine, and which read them, by the real tree. */
@Tag("postgres")
class OperatedColumnsTest {

  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE t (id int PRIMARY KEY, qty int, small smallint, price numeric(10,2), tags"
              + " text[], marks jsonb, attrs jsonb, best int, least date, body text, note text,"
              + " large bigint, free numeric, cost numeric(8,2))",
          "CREATE TABLE other (id int PRIMARY KEY, n int, t int)",
          "CREATE TABLE parted (id int PRIMARY KEY, qty int) PARTITION BY RANGE (id)",
          "CREATE TABLE part PARTITION OF parted FOR VALUES FROM (0) TO (10)",
          "CREATE TABLE guarded (id int PRIMARY KEY, qty int)",
          "ALTER TABLE guarded ENABLE ROW LEVEL SECURITY",
          "ALTER TABLE guarded FORCE ROW LEVEL SECURITY",
          "CREATE VIEW v AS SELECT id, qty FROM t");

  private static final Map<String, Kind> RULES =
      Map.ofEntries(
          Map.entry("qty", Kind.COUNTER),
          Map.entry("small", Kind.COUNTER),
          Map.entry("price", Kind.COUNTER),
          Map.entry("large", Kind.COUNTER),
          Map.entry("free", Kind.COUNTER),
          Map.entry("tags", Kind.SET),
          Map.entry("marks", Kind.SET),
          Map.entry("attrs", Kind.MAP),
          Map.entry("best", Kind.MAX),
          Map.entry("least", Kind.MIN),
          Map.entry("body", Kind.TEXT));

  /** Each with the columns that it only operates on. */
  private static final Map<String, List<String>> OPERATIONS =
      Map.ofEntries(
          Map.entry("UPDATE t SET qty = qty - 3 WHERE id = 1", List.of("qty")),
          Map.entry("UPDATE t SET qty = 3 + qty", List.of("qty")),
          Map.entry("UPDATE t SET qty = (qty + 1) - 2 WHERE note = 'x'", List.of("qty")),
          Map.entry("UPDATE t SET small = small - 1", List.of("small")),
          Map.entry("UPDATE t SET price = price + 1.5, qty = qty + 1", List.of("price", "qty")),
          Map.entry("UPDATE t SET qty = qty - best", List.of("qty")),
          Map.entry("UPDATE t SET qty = t.qty - n FROM other WHERE other.t = t.id", List.of("qty")),
          Map.entry(
              "UPDATE t SET qty = qty - (SELECT max(n) FROM other WHERE other.id = t.id)",
              List.of("qty")),
          Map.entry("UPDATE t SET tags = array_append(tags, 'a')", List.of("tags")),
          Map.entry("UPDATE t SET tags = array_remove(tags, note)", List.of("tags")),
          Map.entry(
              "UPDATE t SET price = price - 2, small = small + 1 - 2", List.of("price", "small")),
          Map.entry("UPDATE t SET price = price + cost", List.of("price")),
          Map.entry("UPDATE t SET large = large + qty", List.of("large")),
          Map.entry("UPDATE t SET qty = qty + large", List.of("qty")),
          Map.entry("UPDATE t SET free = free + 0.005", List.of("free")),
          Map.entry("UPDATE t SET tags = '{b}' || tags", List.of("tags")),
          Map.entry("UPDATE t SET marks = marks || '[1]'", List.of("marks")),
          Map.entry("UPDATE t SET marks = marks - 'a'", List.of("marks")),
          Map.entry("UPDATE t SET attrs = jsonb_set(attrs, '{a}', '1')", List.of("attrs")),
          Map.entry("UPDATE t SET attrs = attrs || '{\"b\": 1}'", List.of("attrs")),
          Map.entry("UPDATE t SET best = greatest(best, 7)", List.of("best")),
          Map.entry("UPDATE t SET least = least(least, date '2026-01-01')", List.of("least")),
          Map.entry("UPDATE t SET qty = qty - 3 WHERE id = 1 RETURNING id", List.of("qty")),
          Map.entry("UPDATE v SET qty = qty - 3 WHERE id = 1", List.of("qty")));

  /** None of these only operates on the column that it names first. */
  private static final List<String> READINGS =
      List.of(
          "UPDATE t SET qty = qty - 3 WHERE qty >= 3",
          "UPDATE t SET qty = qty - 3 WHERE t.* IS NOT NULL",
          "UPDATE t SET qty = qty - 3 RETURNING qty",
          "UPDATE t SET qty = qty - 3 RETURNING *",
          "UPDATE t SET qty = qty - 3 RETURNING t",
          "UPDATE t SET qty = qty - qty",
          "UPDATE t SET qty = 3 - qty",
          "UPDATE t SET qty = qty * 2",
          "UPDATE t SET qty = -qty",
          "UPDATE t SET qty = qty + 1.5",
          "UPDATE t SET qty = coalesce(qty, 0) + 1",
          "UPDATE t SET qty = qty::text::int + 1",
          "UPDATE t SET qty = CASE WHEN note = 'x' THEN qty + 1 ELSE qty END",
          "UPDATE t SET qty = qty + 1, best = qty",
          "UPDATE t SET (qty, best) = (SELECT qty + 1, n FROM other WHERE other.id = t.id)",
          "UPDATE t SET qty = qty - (SELECT max(qty) FROM t inner_t WHERE inner_t.id = t.id + 1)",
          "UPDATE t SET qty = qty - 1 FROM other WHERE other.n = t.qty",
          "UPDATE t SET qty = qty - 1 WHERE EXISTS (SELECT FROM other WHERE other.n = t.qty)",
          "UPDATE t SET qty = (qty + 0) + 1.5",
          "UPDATE t SET price = price + 0.005",
          "UPDATE t SET price = (price + 1)::numeric(10,0)",
          "UPDATE t SET price = price + free",
          "UPDATE t SET free = (free + 1)::numeric(10,0)",
          "UPDATE t SET marks = marks - 0",
          "UPDATE t SET marks = marks - '{a,b}'::text[]",
          "UPDATE t SET attrs = attrs - 'a' || '{\"b\": 1}'",
          "UPDATE t SET attrs = jsonb_insert(attrs, '{a}', '1')",
          "UPDATE t SET tags = array_remove(tags || '{b}', note)",
          "UPDATE t SET body = body || note",
          "UPDATE t SET tags = array_prepend('a', tags)",
          "UPDATE t SET tags = array_append(tags, tags[1])",
          "UPDATE t SET attrs = '{\"a\": 1}' || attrs",
          "UPDATE t SET attrs = attrs || jsonb_build_object('n', attrs)",
          "UPDATE t SET best = least(best, 7)",
          "UPDATE t SET best = best + 1",
          "UPDATE t SET body = upper(body)",
          "UPDATE guarded SET qty = qty - 1",
          "UPDATE parted SET qty = qty - 1",
          "WITH w AS (UPDATE t SET qty = qty - 1 RETURNING id) SELECT count(*) FROM w",
          "WITH w AS (DELETE FROM other RETURNING id) UPDATE t SET qty = qty - 1",
          "INSERT INTO t (id, qty) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET qty = t.qty + 1",
          "MERGE INTO t USING other ON t.id = other.id WHEN MATCHED THEN UPDATE SET qty = qty + 1");

  @Test
  void aStatementOnlyOperatesOnWhatNothingElseOfItMentions() throws SQLException {
    TemporaryPostgres postgres = TemporaryPostgres.shared();
    String database = postgres.freshDatabase();
    postgres.executeIn(database, TABLES.toArray(String[]::new));
    String role = "clerk_" + database;
    postgres.executeIn(
        database,
        "CREATE ROLE \"" + role + "\"",
        "GRANT ALL ON ALL TABLES IN SCHEMA public TO \"" + role + "\"",
        "CREATE POLICY low ON guarded USING (qty > 5)");
    SchemaSnapshot schema;
    try (Connection connection = postgres.connect(database)) {
      schema = SchemaReader.read(connection, Lsn.ZERO);
    }
    Combining combining = combining(schema);
    try (Analyst analyst =
        new Analyst(
            () -> postgres.connect(database),
            role,
            schema,
            new Kept.OfBranch().under(combining),
            Traps.NONE)) {
      OPERATIONS.forEach((statement, columns) -> {
        Footprint.Reads reads = reads(analyst, statement);
        assertThat(operatedOn(reads, schema))
            .as(statement)
            .containsExactlyInAnyOrderElementsOf(columns);
        assertThat(readOf(reads, schema)).as(statement).doesNotContainAnyElementsOf(columns);
      });
      for (String statement : READINGS) {
        switch (footprint(analyst, statement)) {
          case Footprint.Reads reads -> {
            boolean reading =
                operatedOn(reads, schema).isEmpty()
                    || readOf(reads, schema).containsAll(operatedOn(reads, schema));
            assertThat(reading).as(statement).isTrue();
          }
          case Footprint.AlwaysRerun rerun ->
              assertThat(
                      rerun.traits().writes().flatMap(Writes::assigned).stream()
                          .flatMap(assigned -> assigned.operatedOn().stream())
                          .toList())
                  .as(statement)
                  .isEmpty();
          case Footprint.OwnWrite own -> throw new AssertionError(statement + ": " + own);
          case Footprint.NotOfData none -> throw new AssertionError(statement + ": " + none);
          case Footprint.Unanswerable none -> throw new AssertionError(statement + ": " + none);
        }
      }
    } finally {
      postgres.executeIn(database, "DROP OWNED BY \"" + role + "\"", "DROP ROLE \"" + role + "\"");
    }
  }

  private static Combining combining(SchemaSnapshot schema) {
    Map<TableId, Map<Integer, Combining.Rule>> columns = new HashMap<>();
    schema
        .relations()
        .forEach((table, relation) ->
            relation
                .shape()
                .columns()
                .forEach(column -> {
                  Kind kind = RULES.get(column.name());
                  if (kind != null) {
                    columns
                        .computeIfAbsent(table, _ -> new HashMap<>())
                        .put(column.number(), new Combining.Rule(kind, 1));
                  }
                }));
    return new Combining(columns);
  }

  private static Footprint footprint(Analyst analyst, String statement) {
    return analyst.footprint(
        new Question(statement, List.of(), new TreeMap<>(Map.of("search_path", "public"))));
  }

  private static Footprint.Reads reads(Analyst analyst, String statement) {
    Footprint footprint = footprint(analyst, statement);
    assertThat(footprint).as(statement).isInstanceOf(Footprint.Reads.class);
    return (Footprint.Reads) footprint;
  }

  private static List<String> operatedOn(Footprint.Reads reads, SchemaSnapshot schema) {
    Writes writes = reads.traits().writes().orElseThrow();
    return writes.assigned().stream()
        .flatMap(assigned -> assigned.operatedOn().stream())
        .map(number -> name(schema, writes.targets().iterator().next(), number))
        .toList();
  }

  private static List<String> readOf(Footprint.Reads reads, SchemaSnapshot schema) {
    TableId target = reads.traits().writes().orElseThrow().targets().iterator().next();
    List<String> names = new ArrayList<>();
    for (Occurrence occurrence : reads.occurrences()) {
      if (occurrence.table().equals(target)) {
        switch (occurrence.columns()) {
          case Columns.All ignored -> names.addAll(RULES.keySet());
          case Columns.Some(var numbers) ->
              numbers.forEach(number -> names.add(name(schema, target, number)));
        }
      }
    }
    return names;
  }

  private static String name(SchemaSnapshot schema, TableId table, int number) {
    return Objects.requireNonNull(schema.relations().get(table)).shape().columns().stream()
        .filter(column -> column.number() == number)
        .findFirst()
        .orElseThrow()
        .name();
  }
}
