package dev.anabranch.promote.apply;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Main's columns as its catalogs have them, each with what speaks against its combining. */
public final class MainColumns {

  private static final String INVALID_NAME = "22023";

  private static final String COLUMNS =
      """
      SELECT c.oid::bigint AS table_oid, a.attnum::int AS number,
        format('%s.%s.%s', n.nspname, c.relname, a.attname) AS name,
        (CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END)::bigint AS type,
        CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END AS modifier,
        format_type(a.atttypid, a.atttypmod) AS type_name,
        CASE
          WHEN c.oid < 16384 THEN 'is Postgres''s own'
          WHEN c.relkind = 'p' THEN 'is partitioned'
          WHEN c.relispartition THEN 'is a partition'
          WHEN c.relkind <> 'r' THEN 'is no table'
          WHEN EXISTS (SELECT FROM pg_inherits i WHERE c.oid IN (i.inhrelid, i.inhparent))
            THEN 'inherits, or is inherited from'
          WHEN NOT EXISTS (SELECT FROM pg_constraint p WHERE p.conrelid = c.oid AND p.contype = 'p')
            THEN 'has no primary key by which its rows would be known'
        END AS table_unfit,
        CASE
          WHEN a.attgenerated <> '' OR a.attidentity <> '' THEN 'main computes it'
          WHEN EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND (i.indisunique OR i.indisexclusion)
              AND (a.attnum = ANY (i.indkey) OR i.indexprs IS NOT NULL))
            THEN 'it is, or may be, part of a key or another unique index'
          WHEN EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conrelid = c.oid AND a.attnum = ANY (f.conkey))
            THEN 'it refers to another row'
        END AS unfit,
        ARRAY(SELECT pg_get_constraintdef(k.oid) FROM pg_constraint k
          WHERE k.conrelid = c.oid AND k.contype = 'c' AND a.attnum = ANY (k.conkey) ORDER BY k.conname) AS checks
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        JOIN pg_type t ON t.oid = a.atttypid
      """;

  /** Postgres itself says what the parts of a name are. */
  private static final String NAMED =
      """
      WITH name AS (SELECT parse_ident(?) AS parts),
        named AS (SELECT parts[array_length(parts, 1)] AS column_name,
          (SELECT string_agg(quote_ident(part), '.' ORDER BY place)
            FROM unnest(parts) WITH ORDINALITY AS of_name (part, place) WHERE place < array_length(parts, 1)) AS table_name
          FROM name)
      """;

  private final DataSource main;

  public MainColumns(DataSource main) {
    this.main = main;
  }

  /**
   * The column of this name.
   *
   * @throws AnabranchException MAIN_UNREACHABLE
   */
  public Optional<MainColumn> find(String name) {
    String sql =
        NAMED
            + COLUMNS
            + "JOIN named ON a.attname = column_name AND c.oid = to_regclass(table_name)";
    try (Connection connection = main.getConnection();
        PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, name);
      return read(query).stream().findFirst();
    } catch (SQLException e) {
      if (INVALID_NAME.equals(e.getSQLState())) {
        return Optional.empty();
      }
      throw new AnabranchException(ErrorCode.MAIN_UNREACHABLE, e, String.valueOf(e.getMessage()));
    }
  }

  /**
   * All columns of the users' own tables, by name.
   *
   * @throws AnabranchException MAIN_UNREACHABLE
   */
  public List<MainColumn> all() {
    String sql =
        COLUMNS
            + "WHERE c.relkind IN ('r', 'p') AND n.nspname <> 'information_schema'"
            + " AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 3";
    try (Connection connection = main.getConnection();
        PreparedStatement query = connection.prepareStatement(sql)) {
      return read(query);
    } catch (SQLException e) {
      throw new AnabranchException(ErrorCode.MAIN_UNREACHABLE, e, String.valueOf(e.getMessage()));
    }
  }

  private static List<MainColumn> read(PreparedStatement query) throws SQLException {
    List<MainColumn> columns = new ArrayList<>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        columns.add(
            new MainColumn(
                new TableId(row.getLong("table_oid")),
                row.getInt("number"),
                row.getString("name"),
                row.getLong("type"),
                row.getInt("modifier"),
                row.getString("type_name"),
                Optional.ofNullable(row.getString("table_unfit")),
                Optional.ofNullable(row.getString("unfit")),
                List.of((String[]) row.getArray("checks").getArray())));
      }
    }
    return columns;
  }
}
