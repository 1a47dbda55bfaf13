package dev.anabranch.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.anabranch.cluster.Network;
import dev.anabranch.testkit.TemporaryPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Main's own functions know its address and a password, and call it from triggers. A copy of them
 * on a branch must not reach main; that they would, were it not for what is tested, is tested, too.
 */
@Tag("postgres")
class ReachTest {

  private static TemporaryPostgres main;
  private static Workshop workshop;

  @BeforeAll
  static void start() throws Exception {
    main = TemporaryPostgres.start(Map.of("password_encryption", "scram-sha-256"));
    askForPasswords(main.cluster().spec().data().resolve("anabranch_hba.conf"));
    main.execute(
        "CREATE ROLE robot LOGIN PASSWORD 'known'",
        "SELECT pg_reload_conf()",
        "CREATE DATABASE shop");
    String tcp = "host=127.0.0.1 port=" + main.port() + " dbname=shop user=robot password=known";
    String socket = tcp.replace("127.0.0.1", main.cluster().spec().sockets().toString());
    main.executeIn(
        "shop",
        "CREATE EXTENSION dblink",
        "CREATE TABLE told (what text)",
        "GRANT ALL ON told TO robot",
        "CREATE TABLE page (id int PRIMARY KEY)",
        telling("tell_by_tcp", tcp),
        telling("tell_by_socket", socket),
        "CREATE FUNCTION on_page() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM"
            + " tell_by_tcp('page'); RETURN NEW; END $$",
        "CREATE TRIGGER tell AFTER INSERT ON page FOR EACH ROW EXECUTE FUNCTION on_page()",
        "CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM"
            + " tell_by_tcp('ddl'); END $$",
        "CREATE EVENT TRIGGER tell_ddl ON ddl_command_end WHEN TAG IN ('CREATE VIEW') EXECUTE"
            + " FUNCTION on_ddl()");
    workshop = new Workshop(main, "shop");
  }

  private static void askForPasswords(Path access) throws Exception {
    List<String> lines = Files.readAllLines(access);
    lines.addFirst("host all robot 127.0.0.1/32 scram-sha-256");
    lines.addFirst("local all robot scram-sha-256");
    Files.write(access, lines);
  }

  private static String telling(String name, String address) {
    return "CREATE FUNCTION "
        + name
        + "(what text) RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ SELECT dblink_exec('"
        + address
        + "', format('INSERT INTO told VALUES (%L)', what)) $$";
  }

  @AfterAll
  static void stop() {
    workshop.close();
    main.close();
  }

  @Test
  void aCopyOfAFunctionThatCallsMainDoesNotReachIt() throws Exception {
    assumeTrue(
        Network.hindrance().isEmpty(),
        () -> "NOT RUN: no network namespace: " + Network.hindrance().orElseThrow());
    workshop.withNetwork(Network.NONE).wire();
    workshop.start();
    workshop.create("alice");
    for (String sql :
        List.of(
            "SELECT tell_by_tcp('alice')",
            "SELECT tell_by_socket('alice')",
            "INSERT INTO page VALUES (1)",
            "CREATE VIEW v AS SELECT 1")) {
      assertThatThrownBy(() -> workshop.ask("alice", sql)).as(sql).isInstanceOf(SQLException.class);
    }
    assertThatThrownBy(() -> ownerTells("alice"))
        .as("not even with the rights to call out")
        .hasStackTraceContaining("could not establish connection");
    assertThat(main.query("shop", "SELECT what FROM told")).isEmpty();
    workshop.branches.delete(new dev.anabranch.base.BranchName("alice"));
    withTheNetworkOfTheMachineItWould();
  }

  private static List<String> ownerTells(String branch) throws SQLException {
    try (java.sql.Connection connection = workshop.connectAsOwner(branch)) {
      return Workshop.ask(
          connection,
          "SELECT dblink_exec('host=127.0.0.1 port="
              + main.port()
              + " dbname=shop user=robot password=known', 'INSERT INTO told VALUES (1)')");
    }
  }

  private static void withTheNetworkOfTheMachineItWould() throws Exception {
    main.executeIn("shop", "CREATE TABLE since (x int)"); // or the image would be the same
    workshop.withNetwork(Network.HOST).wire();
    workshop.start();
    workshop.create("bob");
    for (String tell : List.of("tell_by_tcp", "tell_by_socket")) {
      assertThatCode(() -> workshop.ask("bob", "SELECT " + tell + "('bob')"))
          .doesNotThrowAnyException();
    }
    assertThat(main.query("shop", "SELECT what FROM told")).containsExactly("bob", "bob");
  }
}
