package dev.anabranch.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.branch.golden.Roles;
import dev.anabranch.testkit.TemporaryPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A branch can not reach main, nor anything else that main reaches; and its client is at home in
 * it.
 */
@Tag("postgres")
class IsolationTest {

  private static TemporaryPostgres main;
  private static Workshop workshop;

  @BeforeAll
  static void start() throws SQLException {
    main =
        TemporaryPostgres.start(
            Map.of(
                "max_prepared_transactions",
                "5",
                "shared_preload_libraries",
                "pg_stat_statements"));
    main.execute(
        "ALTER SYSTEM SET archive_mode = 'always'",
        "ALTER SYSTEM SET archive_command = 'false'",
        "CREATE ROLE keeper LOGIN PASSWORD 'secret' CREATEROLE CREATEDB REPLICATION",
        "CREATE ROLE reader LOGIN",
        "ALTER ROLE reader SET search_path = books, public",
        "GRANT pg_execute_server_program, pg_read_server_files, pg_write_server_files TO keeper",
        "CREATE ROLE chief SUPERUSER",
        "GRANT chief TO keeper",
        "ALTER ROLE keeper SET session_preload_libraries = 'nowhere'",
        "CREATE DATABASE other",
        "CREATE DATABASE shop");
    main.executeIn(
        "shop",
        "CREATE SCHEMA books",
        "GRANT USAGE ON SCHEMA books TO reader",
        "CREATE TABLE books.page (id serial PRIMARY KEY, owner text)",
        "INSERT INTO books.page (owner) VALUES ('reader'), ('keeper')",
        "ALTER TABLE books.page ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY own ON books.page FOR SELECT TO reader USING (owner = current_user)",
        "GRANT SELECT ON books.page TO reader",
        "CREATE TABLE kept (id int)",
        "ALTER TABLE kept OWNER TO keeper",
        "CREATE TYPE mood AS ENUM ('sad', 'happy')",
        "CREATE FUNCTION twice(x int) RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT x * 2'",
        "CREATE FOREIGN DATA WRAPPER nothing",
        "CREATE SERVER elsewhere FOREIGN DATA WRAPPER nothing",
        "CREATE USER MAPPING FOR PUBLIC SERVER elsewhere OPTIONS (password 'secret')",
        "CREATE SUBSCRIPTION drain CONNECTION 'host=nowhere password=secret' PUBLICATION p WITH"
            + " (connect = false)",
        "BEGIN; INSERT INTO kept VALUES (1); PREPARE TRANSACTION 'left over'");
    main.executeIn(
        "other",
        "CREATE TABLE t (x int)",
        "BEGIN; INSERT INTO t VALUES (1); PREPARE TRANSACTION 'elsewhere'");
    workshop = new Workshop(main, "shop").start();
    workshop.create("alice");
  }

  @AfterAll
  static void stop() {
    workshop.close();
    main.close();
  }

  private static List<String> owner(String sql) throws SQLException {
    try (Connection connection = workshop.connectAsOwner("alice")) {
      return Workshop.ask(connection, sql);
    }
  }

  @Test
  void itArchivesNothingSubscribesToNothingAndLoadsNoForeignLibrary() throws SQLException {
    assertThat(owner("SHOW archive_mode")).containsExactly("off");
    assertThat(owner("SHOW shared_preload_libraries")).containsExactly("");
    assertThat(owner("SHOW max_logical_replication_workers")).containsExactly("0");
    assertThat(owner("SELECT slot_name FROM pg_replication_slots ORDER BY 1"))
        .containsExactly(Roles.CAPTURE, Roles.PAST);
    assertThat(owner("SHOW primary_conninfo")).containsExactly("");
    assertThat(owner("SELECT subname FROM pg_subscription")).isEmpty();
    assertThat(owner("SELECT srvname FROM pg_user_mappings")).isEmpty();
    assertThat(owner("SELECT unnest(setconfig) FROM pg_db_role_setting"))
        .noneMatch(s -> s.contains("preload"));
    assertThat(owner("SELECT gid FROM pg_prepared_xacts")).isEmpty();
    assertThat(owner("SELECT datname FROM pg_database")).containsExactly("shop");
  }

  @Test
  void itListensOnAPrivateSocketOnly() throws Exception {
    assertThat(owner("SHOW listen_addresses")).containsExactly("");
    Path sockets = workshop.branches.open(new BranchName("alice")).socketDirectory();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(sockets)))
        .isEqualTo("rwx------");
  }

  @Test
  void itKnowsNoPasswordAndItsClientIsNoSuperuserAndCanNotBecomeOne() throws SQLException {
    assertThat(owner("SELECT rolname FROM pg_authid WHERE rolpassword IS NOT NULL")).isEmpty();
    assertThat(workshop.ask("alice", "SELECT current_user")).containsExactly(Roles.CLIENT);
    assertThat(
            workshop.ask(
                "alice",
                "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication FROM pg_roles"
                    + " WHERE rolname = current_user"))
        .containsExactly("f");
    assertThat(
            owner(
                "SELECT rolname FROM pg_roles WHERE NOT rolsuper AND (rolcreaterole OR rolcreatedb"
                    + " OR rolreplication)"))
        .isEmpty();
    assertThat(
            owner(
                "SELECT rolname FROM pg_roles WHERE (rolsuper OR rolname LIKE 'pg_%server%') AND"
                    + " pg_has_role('"
                    + Roles.CLIENT
                    + "', oid, 'MEMBER')"))
        .isEmpty();
    for (String forbidden :
        List.of(
            "SET ROLE postgres",
            "SET ROLE chief",
            "COPY kept TO PROGRAM 'true'",
            "COPY kept FROM '/etc/passwd'",
            "ALTER ROLE " + Roles.CLIENT + " SUPERUSER",
            "CREATE ROLE x",
            "SELECT pg_read_file('/etc/passwd')",
            "SELECT pg_ls_dir('..')",
            "SELECT lo_import('/etc/passwd')",
            "LOAD '/tmp/x.so'",
            "CREATE TABLESPACE t LOCATION '/tmp'",
            "CREATE EXTENSION file_fdw",
            "CREATE EXTENSION dblink",
            "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'x'",
            "CREATE SUBSCRIPTION s CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false)",
            "SELECT pg_create_physical_replication_slot('x')",
            "SELECT pg_replication_origin_create('x')",
            "DROP PUBLICATION " + Roles.CAPTURE,
            "DROP EVENT TRIGGER anabranch_identify_tables",
            "DROP EVENT TRIGGER anabranch_note_drops",
            "DELETE FROM pg_catalog.anabranch_definitions",
            "DROP TABLE pg_catalog.anabranch_definitions",
            "SELECT pg_drop_replication_slot('" + Roles.CAPTURE + "')",
            "ALTER SYSTEM SET archive_mode = on")) {
      assertThatThrownBy(() -> workshop.ask("alice", forbidden))
          .as(forbidden)
          .isInstanceOf(SQLException.class);
    }
  }

  @Test
  void itsClientMigratesWhatMainsOwnersCould() throws SQLException {
    for (String sql :
        List.of(
            "ALTER TABLE books.page ADD COLUMN note text",
            "ALTER TABLE kept ADD COLUMN x int",
            "ALTER TYPE mood ADD VALUE 'calm'",
            "CREATE SCHEMA drafts",
            "CREATE TABLE drafts.t (x int)",
            "CREATE OR REPLACE FUNCTION twice(x int) RETURNS int LANGUAGE sql AS 'SELECT x + x'",
            "INSERT INTO books.page (owner) VALUES ('new')",
            "DROP TABLE kept")) {
      workshop.ask("alice", sql);
    }
  }

  @Test
  void everyWriteIsFoundInItsLogWithOldValuesAlsoInTablesMadeLater() throws SQLException {
    workshop.ask("alice", "CREATE TABLE fresh (x int)");
    workshop.ask("alice", "INSERT INTO fresh VALUES (1)");
    workshop.ask("alice", "UPDATE fresh SET x = 2");
    workshop.ask("alice", "UPDATE books.page SET owner = 'somebody' WHERE id = 2");
    assertThat(
            owner(
                "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE"
                    + " relkind IN ('r','p') AND n.oid >= 16384 AND relreplident <> 'f'"))
        .isEmpty();
    assertThat(
            owner(
                "SELECT chr(get_byte(data, 0)) FROM pg_logical_slot_peek_binary_changes('"
                    + Roles.CAPTURE
                    + "', NULL, NULL, 'proto_version', '1', 'publication_names', '"
                    + Roles.CAPTURE
                    + "')"))
        .contains("I", "U", "U");
  }

  @Test
  void aBranchForOneRoleSeesWhatThatRoleSees() throws SQLException {
    workshop.branches.create(withRole("as-reader", "reader"));
    assertThat(workshop.ask("as-reader", "SELECT current_user")).containsExactly("reader");
    assertThat(workshop.ask("as-reader", "SELECT owner FROM page")).containsExactly("reader");
    assertThatThrownBy(() -> workshop.ask("as-reader", "INSERT INTO page (owner) VALUES ('x')"))
        .isInstanceOf(SQLException.class);
    workshop.branches.reset(new BranchName("as-reader"));
    assertThat(workshop.ask("as-reader", "SELECT owner FROM page")).containsExactly("reader");
    workshop.branches.delete(new BranchName("as-reader"));
  }

  @Test
  void aRoleThatIsUnknownOrASuperuserIsRefusedAndLeavesNothing() {
    assertCode(
        () -> workshop.branches.create(withRole("nobodys", "nobody")),
        ErrorCode.BRANCH_ROLE_UNKNOWN);
    assertCode(
        () -> workshop.branches.create(withRole("chiefs", "chief")), ErrorCode.BRANCH_ROLE_UNSAFE);
    assertThat(workshop.branches.find(new BranchName("nobodys"))).isEmpty();
    assertThat(workshop.branches.find(new BranchName("chiefs"))).isEmpty();
  }

  private static BranchRequest withRole(String name, String role) {
    BranchRequest plain = Workshop.request(name);
    return new BranchRequest(
        plain.name(),
        plain.lifetime(),
        plain.point(),
        plain.parent(),
        Optional.of(role),
        plain.ephemeral());
  }

  private static void assertCode(Runnable action, ErrorCode code) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            AnabranchException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void mainIsAsItWas() {
    assertThat(main.query("shop", "SELECT subname FROM pg_subscription")).containsExactly("drain");
    assertThat(main.query("shop", "SELECT srvname FROM pg_user_mappings"))
        .containsExactly("elsewhere");
    assertThat(main.query("shop", "SELECT rolname FROM pg_roles WHERE rolname LIKE 'anabranch%'"))
        .isEmpty();
    assertThat(main.query("shop", "SELECT pubname FROM pg_publication")).isEmpty();
    assertThat(main.query("shop", "SELECT nspname FROM pg_namespace WHERE nspname = 'anabranch'"))
        .isEmpty();
    assertThat(main.query("shop", "SELECT slot_type FROM pg_replication_slots"))
        .containsExactly("physical");
  }
}
