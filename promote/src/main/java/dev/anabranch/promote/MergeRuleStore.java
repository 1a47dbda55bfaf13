package dev.anabranch.promote;

import dev.anabranch.base.TableId;
import dev.anabranch.predicate.footprint.Combining;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/** The rules of columns in the control database. None is ever edited: a later one counts. */
public final class MergeRuleStore {

  /** The word of a column that combines no more. */
  static final String NONE = "value";

  private final Jdbi jdbi;

  MergeRuleStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** Those that count, by the columns' names. */
  public List<KeptRule> all() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                """
                SELECT * FROM (
                  SELECT DISTINCT ON (table_oid, column_number) * FROM merge_rules
                  ORDER BY table_oid, column_number, version DESC) newest
                WHERE rule <> 'value' ORDER BY name
                """)
            .map((row, context) ->
                new KeptRule(
                    row.getString("name"),
                    new TableId(row.getLong("table_oid")),
                    row.getInt("column_number"),
                    row.getString("rule"),
                    row.getLong("version"),
                    row.getString("who"),
                    row.getObject("set_at", OffsetDateTime.class).toInstant(),
                    List.of()))
            .list());
  }

  /** The same as checks and promotions take them. */
  public Combining combining() {
    Map<TableId, Map<Integer, Combining.Rule>> columns = new HashMap<>();
    all()
        .forEach(rule ->
            columns
                .computeIfAbsent(rule.table(), _ -> new HashMap<>())
                .put(
                    rule.number(),
                    new Combining.Rule(
                        Combining.Kind.valueOf(rule.rule().toUpperCase(Locale.ROOT)),
                        rule.version())));
    return new Combining(columns);
  }

  /** Keeps one, and tells the version that it got. */
  KeptRule keep(KeptRule rule) {
    long version =
        jdbi.withHandle(handle ->
            handle
                .createQuery(
                    """
                    INSERT INTO merge_rules (table_oid, column_number, name, rule, who, set_at)
                    VALUES (:table, :number, :name, :rule, :who, :at) RETURNING version
                    """)
                .bind("table", rule.table().oid())
                .bind("number", rule.number())
                .bind("name", rule.column())
                .bind("rule", rule.rule())
                .bind("who", rule.who())
                .bind("at", rule.setAt().atOffset(ZoneOffset.UTC))
                .mapTo(Long.class)
                .one());
    return new KeptRule(
        rule.column(),
        rule.table(),
        rule.number(),
        rule.rule(),
        version,
        rule.who(),
        rule.setAt(),
        rule.decides());
  }
}
