package dev.anabranch.trials.cycles;

import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Sql;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * Plain databases with main's schema and its rows at a moment, on a Postgres that the product has
 * never seen.
 */
final class Copies implements AutoCloseable {

  /**
   * Main's rows and the places of its sequences at one moment.
   *
   * @param rows as COPY writes them, by table
   * @param sequences statements that set them
   */
  record Stock(Map<String, byte[]> rows, List<String> sequences) {

    static Stock take(Connection main, String schema) throws SQLException {
      Map<String, byte[]> rows = new LinkedHashMap<>();
      CopyManager copy = main.unwrap(PGConnection.class).getCopyAPI();
      for (String table : Contents.layout(main, schema).columns().keySet()) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
          copy.copyOut("COPY " + Contents.place(schema, table) + " TO STDOUT", bytes);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        rows.put(table, bytes.toByteArray());
      }
      List<String> sequences = new ArrayList<>();
      try (Statement statement = main.createStatement();
          ResultSet found =
              statement.executeQuery(
                  "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = '"
                      + schema
                      + "' AND last_value IS NOT NULL")) {
        while (found.next()) {
          sequences.add(
              "SELECT setval('%s.%s', %d)".formatted(schema, found.getString(1), found.getLong(2)));
        }
      }
      return new Stock(rows, sequences);
    }
  }

  private final Address server;
  private final String schema;
  private final String shape;
  private final List<Address> all = new ArrayList<>();
  private final List<Address> free = new ArrayList<>();

  /**
   * @param server a Postgres of the trial's own
   * @param name unique among its databases
   */
  Copies(Address server, String name, String schema) throws SQLException {
    this.server = server;
    this.schema = schema;
    this.shape = "shape_" + name;
    server.run("DROP DATABASE IF EXISTS " + shape, "CREATE DATABASE " + shape);
    all.add(in(shape));
    alter(Shop.tables(schema));
  }

  /** What main's schema is altered by is done to every copy's as well. */
  void alter(List<String> statements) throws SQLException {
    for (Address copy : all) {
      try (Connection connection = copy.connect()) {
        Sql.run(connection, "SET search_path = " + schema);
        Sql.run(connection, statements);
      }
    }
  }

  /** A database with these rows and no others; the caller gives it back. */
  Address make(Stock stock) throws SQLException {
    Address copy = free.isEmpty() ? another() : free.removeLast();
    try (Connection connection = copy.connect()) {
      Sql.run(connection, "SET session_replication_role = replica");
      List<Unvalidated> checks = unvalidated(connection);
      for (Unvalidated check : checks) {
        Sql.run(connection, check.drop());
      }
      CopyManager loader = connection.unwrap(PGConnection.class).getCopyAPI();
      for (Map.Entry<String, byte[]> table : stock.rows().entrySet()) {
        String place = Contents.place(schema, table.getKey());
        Sql.run(connection, "DELETE FROM " + place);
        loader.copyIn("COPY " + place + " FROM STDIN", new ByteArrayInputStream(table.getValue()));
      }
      for (Unvalidated check : checks) {
        Sql.run(connection, check.add());
      }
      Sql.run(connection, stock.sequences());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return copy;
  }

  /** A CHECK that asks nothing of the rows that were there before it. */
  private record Unvalidated(String table, String name, String definition) {
    String drop() {
      return "ALTER TABLE " + table + " DROP CONSTRAINT " + name;
    }

    String add() {
      return "ALTER TABLE " + table + " ADD CONSTRAINT " + name + " " + definition;
    }
  }

  private static List<Unvalidated> unvalidated(Connection connection) throws SQLException {
    List<Unvalidated> found = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT format('%I.%I', n.nspname, c.relname), quote_ident(conname),"
                    + " pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN pg_class c ON c.oid ="
                    + " conrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE contype = 'c'"
                    + " AND NOT convalidated AND conislocal ORDER BY k.oid")) {
      while (rows.next()) {
        found.add(new Unvalidated(rows.getString(1), rows.getString(2), rows.getString(3)));
      }
    }
    return found;
  }

  private Address another() throws SQLException {
    String name = shape + "_" + all.size();
    server.run("DROP DATABASE IF EXISTS " + name, "CREATE DATABASE " + name + " TEMPLATE " + shape);
    Address copy = in(name);
    all.add(copy);
    return copy;
  }

  /** Whoever is connected to it still is sent away. */
  void giveBack(Address copy) throws SQLException {
    server.run(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '"
            + copy.database()
            + "'");
    free.add(copy);
  }

  private Address in(String database) {
    return new Address(server.host(), server.port(), database, server.user(), server.password());
  }

  @Override
  public void close() throws SQLException {
    for (Address copy : all.reversed()) {
      server.run("DROP DATABASE IF EXISTS " + copy.database() + " WITH (FORCE)");
    }
  }
}
