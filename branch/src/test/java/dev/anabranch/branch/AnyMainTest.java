package dev.anabranch.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.anabranch.branch.golden.Roles;
import dev.anabranch.cluster.Installation;
import dev.anabranch.cluster.Program;
import dev.anabranch.testkit.TemporaryPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A main that is set up as some are: with defaults for its sessions that are not Postgres's, with
 * procedures of one name, with tablespaces of its own inside its directory.
 */
@Tag("postgres")
class AnyMainTest {

  private static final Map<String, String> ODD = Map.of("allow_in_place_tablespaces", "on");

  @Test
  void anOddMainIsBranchedAndItsBranchDumped() throws Exception {
    travel(TemporaryPostgres.installations().embedded());
  }

  @Test
  void anOddMainOfAnOlderReleaseIsBranchedAndItsBranchDumped() throws Exception {
    Optional<Installation> older = TemporaryPostgres.installed(TemporaryPostgres.OTHER_MAJOR);
    assumeTrue(older.isPresent(), "NOT RUN: that Postgres is not installed on this machine");
    travel(older.get());
  }

  private static void travel(Installation installation) throws Exception {
    try (TemporaryPostgres main = TemporaryPostgres.start(installation, ODD)) {
      main.execute("CREATE DATABASE shop", "CREATE TABLESPACE inside LOCATION ''");
      main.executeIn(
          "shop",
          "CREATE TABLE t (id int PRIMARY KEY, v int) TABLESPACE inside",
          "INSERT INTO t VALUES (1, 1)",
          "CREATE TABLE deferred (id int PRIMARY KEY DEFERRABLE, v int)",
          "INSERT INTO deferred VALUES (1, 1)",
          "CREATE PROCEDURE p(IN a int, IN b int, IN c int) LANGUAGE sql AS 'SELECT 1'",
          "CREATE PROCEDURE p(OUT a int, IN b int, IN c int) LANGUAGE sql AS 'SELECT 1'",
          "CREATE FUNCTION f(VARIADIC a int[]) RETURNS int LANGUAGE sql AS 'SELECT 1'");
      for (String setting :
          List.of(
              "default_transaction_isolation = 'serializable'",
              "default_transaction_read_only = on",
              "default_transaction_deferrable = on",
              "statement_timeout = '1ms'",
              "lock_timeout = '1ms'",
              "idle_in_transaction_session_timeout = '1ms'",
              "idle_session_timeout = '1ms'",
              "search_path = 'pg_temp'",
              "IntervalStyle = 'sql_standard'",
              "standard_conforming_strings = off",
              "array_nulls = off",
              "bytea_output = 'escape'")) {
        setForShop(main, setting);
      }
      if (installation.major() >= 17) {
        setForShop(main, "transaction_timeout = '1ms'");
      }
      try (Workshop workshop = new Workshop(main, "shop").start()) {
        workshop.create("alice");
        assertThat(
                asOwner(
                    workshop,
                    "SELECT unnest(setconfig) FROM pg_db_role_setting s JOIN pg_database d ON d.oid"
                        + " = setdatabase WHERE datname = current_database()"))
            .as("a client has main's own defaults")
            .contains("default_transaction_isolation=serializable", "statement_timeout=1ms");
        assertThat(asOwner(workshop, "SELECT count(*) FROM public.t")).containsExactly("1");
        assertThat(asOwner(workshop, "UPDATE public.deferred SET v = 2 RETURNING v"))
            .containsExactly("2");
        nothingOfOursIsDumped(workshop, installation);
      }
    }
  }

  private static void setForShop(TemporaryPostgres main, String setting) {
    main.execute("ALTER DATABASE shop SET " + setting);
  }

  private static List<String> asOwner(Workshop workshop, String sql) throws SQLException {
    try (Connection connection = workshop.connectAsOwner("alice")) {
      return Workshop.ask(connection, sql);
    }
  }

  private static void nothingOfOursIsDumped(Workshop workshop, Installation installation)
      throws SQLException {
    assertThat(asOwner(workshop, OURS_IN_A_DUMP)).isEmpty();
    Optional<Path> dump = installation.program("pg_dump");
    if (dump.isPresent()) {
      Endpoint branch = workshop.branches.open(new dev.anabranch.base.BranchName("alice"));
      List<String> command = new ArrayList<>(List.of(dump.get().toString(), "--no-owner"));
      command.addAll(List.of("-U", Roles.OWNER, "-d", branch.database()));
      command.addAll(List.of("-h", String.valueOf(branch.socket().getParent())));
      Program.Outcome outcome =
          Program.run(
              command,
              Map.of(
                  "PGOPTIONS",
                  "-c statement_timeout=0 -c lock_timeout=0 -c idle_session_timeout=0 -c"
                      + " idle_in_transaction_session_timeout=0",
                  "PGSSLMODE",
                  "disable"));
      assertThat(outcome.succeeded()).as(outcome.output()).isTrue();
      assertThat(outcome.output()).contains("CREATE TABLE public.t ").doesNotContain("anabranch");
    }
  }

  /** What pg_dump would take, by its own rules, of all that bears our name. */
  private static final String OURS_IN_A_DUMP =
      """
      SELECT kind || ' ' || name FROM (
        SELECT 'schema' AS kind, oid, 'pg_namespace'::regclass AS class, nspname AS name FROM pg_namespace
        UNION ALL
        SELECT 'function', oid, 'pg_proc'::regclass, proname FROM pg_proc
        WHERE pronamespace <> 'pg_catalog'::regnamespace
        UNION ALL
        SELECT 'event trigger', oid, 'pg_event_trigger'::regclass, evtname FROM pg_event_trigger
        UNION ALL
        SELECT 'publication', oid, 'pg_publication'::regclass, pubname FROM pg_publication
        UNION ALL
        SELECT 'relation', c.oid, 'pg_class'::regclass, relname FROM pg_class c
        WHERE relnamespace <> 'pg_catalog'::regnamespace) objects
      WHERE name LIKE '%anabranch%' AND NOT EXISTS (
        SELECT FROM pg_depend d
        WHERE d.classid = class AND d.objid = objects.oid AND d.deptype = 'e'
          AND d.refclassid = 'pg_extension'::regclass)
      """;
}
