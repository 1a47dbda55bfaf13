package dev.anabranch.promote.apply;

import dev.anabranch.base.Column;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.mainfeed.schema.SchemaQueries;
import dev.anabranch.promote.plan.DeferredUnique;
import dev.anabranch.promote.plan.ForeignKey;
import dev.anabranch.promote.plan.Generator;
import dev.anabranch.promote.plan.MainTable;
import dev.anabranch.promote.plan.SequenceUse;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the definitions of some tables of main, in a handful of set-based queries; the same for
 * Postgres 15 to 18.
 */
final class MainCatalog {

  private static final String COLUMNS =
      """
      SELECT c.oid::int8, n.nspname, c.relname, a.attnum, a.attname, a.atttypid::int8, a.atttypmod,
             format_type(a.atttypid, -1),
             EXISTS (SELECT FROM pg_index i
                     WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey)),
             (WITH RECURSIVE below AS (
                SELECT t.typbasetype, 1 AS depth FROM pg_type t WHERE t.oid = a.atttypid AND t.typtype = 'd'
                UNION ALL
                SELECT t.typbasetype, b.depth + 1 FROM below b JOIN pg_type t ON t.oid = b.typbasetype AND t.typtype = 'd')
              SELECT typbasetype::int8 FROM below ORDER BY depth DESC LIMIT 1),
             NOT EXISTS (
               WITH RECURSIVE below AS (
                 SELECT t.oid, t.typtype, t.typbasetype, greatest(a.atttypmod, t.typtypmod) AS modifier
                 FROM pg_type t WHERE t.oid = a.atttypid
                 UNION ALL
                 SELECT t.oid, t.typtype, t.typbasetype, greatest(b.modifier, t.typtypmod)
                 FROM below b JOIN pg_type t ON t.oid = b.typbasetype AND b.typtype = 'd')
               SELECT FROM below
               WHERE typtype = 'e' OR oid = ANY ('{int2,int4,int8,oid,uuid,bool,text,varchar,name,bytea,date,timestamp,
                   timestamptz,time,inet,cidr,macaddr,macaddr8,money,bit,varbit,pg_lsn,xid8}'::regtype[])
                 OR (oid = ANY ('{numeric,bpchar}'::regtype[]) AND modifier >= 0))
               OR EXISTS (SELECT FROM pg_collation co WHERE co.oid = a.attcollation AND NOT co.collisdeterministic)
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      WHERE c.oid = ANY (?::int8[]::oid[])
      ORDER BY c.oid, a.attnum
      """;

  private static final String UNIQUES =
      """
      SELECT i.indrelid::int8, (i.indkey::int2[])[0:i.indnkeyatts - 1]::int4[]
      FROM pg_index i
      WHERE i.indrelid = ANY (?::int8[]::oid[]) AND i.indisunique AND i.indisvalid
        AND i.indpred IS NULL AND i.indexprs IS NULL
      """;

  private static final String GENERATORS =
      """
      SELECT g.relation::int8, g.number, format('%%I.%%I', n.nspname, s.relname), q.seqincrement, s.oid::int8
      FROM (%s) AS g
      JOIN pg_class s ON s.oid = g.sequence
      JOIN pg_namespace n ON n.oid = s.relnamespace
      JOIN pg_sequence q ON q.seqrelid = s.oid
      WHERE g.relation = ANY (?::int8[]::oid[])
      """
          .formatted(SchemaQueries.GENERATORS);

  /** Expressions and conditions of indexes depend on the columns that they read. */
  private static final String INDEXED =
      """
      WITH looking AS (
        SELECT indrelid, indexrelid, indkey FROM pg_index
        WHERE indrelid = ANY (?::int8[]::oid[]) AND (indisunique OR indisexclusion))
      SELECT indrelid::int8, number FROM looking CROSS JOIN LATERAL unnest(indkey) AS number WHERE number > 0
      UNION
      SELECT l.indrelid::int8, d.refobjsubid FROM looking l
      JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = l.indexrelid
        AND d.refclassid = 'pg_class'::regclass AND d.refobjid = l.indrelid AND d.refobjsubid > 0
      """;

  private static final String DEFERRED =
      """
      SELECT con.conrelid::int8, con.conname, con.conkey::int4[],
             NOT coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false),
             ARRAY(SELECT a.attname::text FROM unnest(con.conkey) WITH ORDINALITY AS k (number, place)
               JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.number ORDER BY k.place)
      FROM pg_constraint con JOIN pg_index i ON i.indexrelid = con.conindid
      WHERE con.conrelid = ANY (?::int8[]::oid[]) AND con.contype IN ('p', 'u') AND con.condeferrable
      ORDER BY con.oid
      """;

  /** How the unique indexes compare their columns. */
  private static final String EQUALITIES =
      """
      SELECT DISTINCT i.indrelid::int8, i.indkey[k], format('OPERATOR(%I.%s)', n.nspname, o.oprname)
      FROM pg_index i CROSS JOIN LATERAL generate_series(0, i.indnkeyatts - 1) AS k
      JOIN pg_opclass c ON c.oid = i.indclass[k]
      JOIN pg_am am ON am.oid = c.opcmethod AND am.amname = 'btree'
      JOIN pg_amop ao ON ao.amopfamily = c.opcfamily AND ao.amopstrategy = 3
        AND ao.amoplefttype = c.opcintype AND ao.amoprighttype = c.opcintype
      JOIN pg_operator o ON o.oid = ao.amopopr
      JOIN pg_namespace n ON n.oid = o.oprnamespace
      WHERE i.indrelid = ANY (?::int8[]::oid[]) AND i.indisunique AND i.indkey[k] > 0
      ORDER BY 1, 2, 3
      """;

  /** By default, as identity, or owned by the column. */
  private static final String SEQUENCES =
      """
      SELECT coalesce(u.relation, 0)::int8, coalesce(u.number, 0), format('%I.%I', n.nspname, s.relname),
             q.seqincrement, s.oid::int8
      FROM pg_class s
      JOIN pg_namespace n ON n.oid = s.relnamespace
      JOIN pg_sequence q ON q.seqrelid = s.oid
      LEFT JOIN LATERAL (
        SELECT d.refobjid AS relation, d.refobjsubid AS number FROM pg_depend d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = s.oid
          AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
        UNION
        SELECT def.adrelid, def.adnum FROM pg_depend d
        JOIN pg_attrdef def ON d.classid = 'pg_attrdef'::regclass AND def.oid = d.objid
        WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = s.oid) u ON true
      WHERE s.oid = ANY (?::int8[]::oid[]) AND s.relkind = 'S' AND s.relpersistence = 'p'
      ORDER BY s.oid
      """;

  /**
   * The equality that Postgres's own checks use: the constraint's operator, the types that it takes
   * where they are not the columns' own, and the parent's collation.
   *
   * <p>A partitioned parent has a copy of each of its foreign keys for every partition of it; those
   * copies say nothing new.
   */
  private static final String FOREIGN_KEYS =
      """
      WITH wanted AS (SELECT unnest(?::int8[])::oid AS id),
      lineage AS (
        SELECT id, id AS relation FROM wanted
        UNION
        SELECT w.id, up.relid::oid FROM wanted w CROSS JOIN LATERAL pg_partition_ancestors(w.id) up)
      SELECT l.id::int8, con.conrelid = l.id AS is_child,
             con.conrelid <> l.id OR (con.confrelid = l.id AND con.conparentid = 0) AS is_parent,
             con.conname, con.conrelid::int8, con.conrelid::regclass::text, con.conkey::int4[],
             (SELECT array_agg(a.attname::text ORDER BY k.place)
              FROM unnest(con.conkey) WITH ORDINALITY AS k(number, place)
              JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.number),
             con.confrelid::int8, con.confrelid::regclass::text,
             (SELECT array_agg(a.attname::text ORDER BY k.place)
              FROM unnest(con.confkey) WITH ORDINALITY AS k(number, place)
              JOIN pg_attribute a ON a.attrelid = con.confrelid AND a.attnum = k.number),
             con.confmatchtype = 'f',
             (SELECT array_agg(concat_ws(E'\\t',
                (CASE WHEN lt.typtype = 'p' THEN '' ELSE '::' || format_type(lt.oid, -1) END)
                  || CASE WHEN cl.oid IS NULL THEN ''
                     ELSE format(' COLLATE %I.%I', cln.nspname, cl.collname) END,
                format('OPERATOR(%I.%s)', opn.nspname, op.oprname),
                CASE WHEN rt.typtype = 'p' THEN '' ELSE '::' || format_type(rt.oid, -1) END,
                format('OPERATOR(%I.%s)', sn.nspname, so.oprname)) ORDER BY k.place)
              FROM unnest(con.confkey, con.conpfeqop, con.conppeqop)
                WITH ORDINALITY AS k(number, operator, same, place)
              JOIN pg_attribute a ON a.attrelid = con.confrelid AND a.attnum = k.number
              JOIN pg_operator op ON op.oid = k.operator
              JOIN pg_namespace opn ON opn.oid = op.oprnamespace
              JOIN pg_operator so ON so.oid = k.same
              JOIN pg_namespace sn ON sn.oid = so.oprnamespace
              JOIN pg_type lt ON lt.oid = op.oprleft
              JOIN pg_type rt ON rt.oid = op.oprright
              LEFT JOIN pg_collation cl ON cl.oid = a.attcollation
              LEFT JOIN pg_namespace cln ON cln.oid = cl.collnamespace)
      FROM lineage l
      JOIN pg_constraint con ON con.contype = 'f'
        AND ((con.conrelid = l.id AND l.relation = l.id) OR (con.confrelid = l.relation AND con.conparentid = 0))
      LEFT JOIN pg_constraint up ON up.oid = con.conparentid
      WHERE (up.oid IS NULL OR up.conrelid <> con.conrelid)
        AND coalesce((to_jsonb(con) ->> 'conenforced')::boolean, true)
      ORDER BY con.oid, l.id
      """;

  /** Those that are off are not among them, nor those that fire always: these are obstacles. */
  private static final String TRIGGERS =
      """
      SELECT t.tgrelid::int8, t.tgname, e.command
      FROM pg_trigger t
      JOIN (VALUES (4, 'INSERT'), (8, 'DELETE'), (16, 'UPDATE')) AS e (bit, command) ON t.tgtype & e.bit <> 0
      WHERE t.tgrelid = ANY (?::int8[]::oid[]) AND NOT t.tgisinternal AND t.tgenabled = 'O'
      """;

  private static final String OBSTACLES =
      """
      SELECT c.oid::int8, 'it is no ordinary table any more'
      FROM pg_class c WHERE c.oid = ANY (?::int8[]::oid[]) AND c.relkind <> 'r'
      UNION ALL
      SELECT t.tgrelid::int8, format('its trigger %s fires always, and would do again what it did on the branch', t.tgname)
      FROM pg_trigger t
      WHERE t.tgrelid = ANY (?::int8[]::oid[]) AND NOT t.tgisinternal AND t.tgenabled IN ('A', 'R')
      UNION ALL
      SELECT r.ev_class::int8, format('its rule %s applies always, and would do again what it did on the branch', r.rulename)
      FROM pg_rewrite r
      WHERE r.ev_class = ANY (?::int8[]::oid[]) AND r.ev_type <> '1' AND r.ev_enabled IN ('A', 'R')
      UNION ALL
      SELECT con.conrelid::int8, format('its constraint %s is deferrable, and can''t be checked with triggers off', con.conname)
      FROM pg_constraint con
      WHERE con.conrelid = ANY (?::int8[]::oid[]) AND con.contype = 'x' AND con.condeferrable
      UNION ALL
      SELECT con.conrelid::int8, format('its foreign key %s is over periods', con.conname)
      FROM pg_constraint con
      WHERE con.conrelid = ANY (?::int8[]::oid[]) AND con.contype = 'f'
        AND coalesce((to_jsonb(con) ->> 'conperiod')::boolean, false)
      """;

  private MainCatalog() {}

  /** Those of the tables that exist, by id. */
  static Map<TableId, MainTable> read(Connection connection, Collection<TableId> tables)
      throws SQLException {
    if (tables.isEmpty()) {
      return Map.of();
    }
    Array ids = connection.createArrayOf("int8", tables.stream().map(TableId::oid).toArray());
    Map<Long, Building> building = columns(connection, ids);
    each(
        connection,
        UNIQUES,
        ids,
        1,
        row -> at(building, row).uniques.add(Set.copyOf(numbers(row, 2))));
    each(
        connection,
        DEFERRED,
        ids,
        1,
        row ->
            at(building, row)
                .deferred
                .add(
                    new DeferredUnique(
                        row.getString(2), numbers(row, 3), names(row, 5), row.getBoolean(4))));
    each(connection, INDEXED, ids, 1, row -> at(building, row).indexed.add(row.getInt(2)));
    each(
        connection,
        EQUALITIES,
        ids,
        1,
        row -> at(building, row).equalities.putIfAbsent(row.getInt(2), row.getString(3)));
    each(
        connection,
        GENERATORS,
        ids,
        1,
        row -> at(building, row).generators.put(row.getInt(2), generator(connection, row)));
    each(connection, FOREIGN_KEYS, ids, 1, row -> foreignKey(at(building, row), row));
    each(connection, TRIGGERS, ids, 1, row -> at(building, row).trigger(row));
    each(connection, OBSTACLES, ids, 5, row -> at(building, row).obstacles.add(row.getString(2)));
    Map<TableId, MainTable> read = new HashMap<>();
    building.forEach((oid, one) -> read.put(new TableId(oid), one.build()));
    return read;
  }

  private static Map<Long, Building> columns(Connection connection, Array ids) throws SQLException {
    Map<Long, Building> building = new LinkedHashMap<>();
    each(
        connection,
        COLUMNS,
        ids,
        1,
        row -> {
          long oid = row.getLong(1);
          String schema = row.getString(2);
          String name = row.getString(3);
          Building one = building.computeIfAbsent(oid, _ -> new Building(oid, schema, name));
          one.columns.add(
              new Column(
                  row.getInt(4),
                  row.getString(5),
                  row.getLong(6),
                  row.getInt(7),
                  row.getBoolean(9)));
          one.types.put(row.getInt(4), row.getString(8));
          long below = row.getLong(10);
          if (!row.wasNull()) {
            one.domains.put(row.getInt(4), below);
          }
          if (row.getBoolean(11)) {
            one.loose.add(row.getInt(4));
          }
        });
    return building;
  }

  /** Columns: sequence name at 3, its increment at 4, its id at 5. */
  private static Generator generator(Connection connection, ResultSet row) throws SQLException {
    String sequence = row.getString(3);
    long increment = row.getLong(4);
    try (Statement statement = connection.createStatement();
        ResultSet state = statement.executeQuery("SELECT last_value, is_called FROM " + sequence)) {
      state.next();
      long position = state.getBoolean(2) ? state.getLong(1) : state.getLong(1) - increment;
      return new Generator(new TableId(row.getLong(5)), sequence, position, increment);
    }
  }

  /** Those of some sequences that main still has, and the columns whose defaults draw from them. */
  static List<SequenceUse> sequences(Connection connection, Collection<TableId> sequences)
      throws SQLException {
    Map<Generator, Map<TableId, Set<Integer>>> uses = new LinkedHashMap<>();
    if (!sequences.isEmpty()) {
      Array ids = connection.createArrayOf("int8", sequences.stream().map(TableId::oid).toArray());
      each(
          connection,
          SEQUENCES,
          ids,
          1,
          row -> {
            Map<TableId, Set<Integer>> columns =
                uses.computeIfAbsent(generator(connection, row), _ -> new HashMap<>());
            if (row.getLong(1) != 0) {
              columns
                  .computeIfAbsent(new TableId(row.getLong(1)), _ -> new HashSet<>())
                  .add(row.getInt(2));
            }
          });
    }
    return uses.entrySet().stream()
        .map(use -> new SequenceUse(use.getKey(), use.getValue()))
        .toList();
  }

  private static void foreignKey(Building one, ResultSet row) throws SQLException {
    ForeignKey foreignKey =
        new ForeignKey(
            row.getString(4),
            new TableId(row.getLong(5)),
            row.getString(6),
            numbers(row, 7),
            names(row, 8),
            new TableId(row.getLong(9)),
            row.getString(10),
            names(row, 11),
            comparisons(names(row, 13)),
            row.getBoolean(12));
    if (row.getBoolean(2)) {
      one.references.add(foreignKey);
    }
    if (row.getBoolean(3)) {
      one.referencedBy.add(foreignKey);
    }
  }

  private static List<ForeignKey.Comparison> comparisons(List<String> parts) {
    return parts.stream()
        .map(part -> part.split("\t", -1))
        .map(part -> new ForeignKey.Comparison(part[0], part[1], part[2], part[3]))
        .toList();
  }

  private static List<Integer> numbers(ResultSet row, int index) throws SQLException {
    return List.of((Integer[]) row.getArray(index).getArray());
  }

  private static List<String> names(ResultSet row, int index) throws SQLException {
    return List.of((String[]) row.getArray(index).getArray());
  }

  private static Building at(Map<Long, Building> building, ResultSet row) throws SQLException {
    Building one = building.get(row.getLong(1));
    if (one == null) {
      throw new SQLException(
          "table " + row.getLong(1) + " came and went while main's catalogs were read");
    }
    return one;
  }

  @FunctionalInterface
  private interface RowReader {
    void read(ResultSet row) throws SQLException;
  }

  private static void each(
      Connection connection, String sql, Array ids, int places, RowReader reader)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 1; i <= places; i++) {
        statement.setArray(i, ids);
      }
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          reader.read(result);
        }
      }
    }
  }

  /** A table whose parts are being read. */
  private static final class Building {
    private final long oid;
    private final String schema;
    private final String name;
    private final List<Column> columns = new ArrayList<>();
    private final Map<Integer, String> types = new HashMap<>();
    private final Map<Integer, Long> domains = new HashMap<>();
    private final Set<Integer> loose = new HashSet<>();
    private final Set<Set<Integer>> uniques = new HashSet<>();
    private final Set<Integer> indexed = new HashSet<>();
    private final List<DeferredUnique> deferred = new ArrayList<>();
    private final Map<Integer, String> equalities = new HashMap<>();
    private final Map<Integer, Generator> generators = new HashMap<>();
    private final List<ForeignKey> references = new ArrayList<>();
    private final List<ForeignKey> referencedBy = new ArrayList<>();
    private final Map<String, Set<String>> triggers = new HashMap<>();
    private final List<String> obstacles = new ArrayList<>();

    private Building(long oid, String schema, String name) {
      this.oid = oid;
      this.schema = schema;
      this.name = name;
    }

    private void trigger(ResultSet row) throws SQLException {
      triggers.computeIfAbsent(row.getString(2), _ -> new HashSet<>()).add(row.getString(3));
    }

    private MainTable build() {
      return new MainTable(
          new TableShape(new TableId(oid), schema, name, columns),
          types,
          domains,
          loose,
          uniques,
          indexed,
          deferred,
          equalities,
          generators,
          references,
          referencedBy,
          triggers,
          obstacles);
    }
  }
}
