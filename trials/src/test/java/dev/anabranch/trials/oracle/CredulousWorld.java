package dev.anabranch.trials.oracle;

import dev.anabranch.testkit.TemporaryPostgres;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Sql;
import dev.anabranch.trials.drive.Step;
import dev.anabranch.trials.drive.Verdicts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A world without the product: a branch is a second database with the same base, and every answer
 * is said to hold.
 */
final class CredulousWorld implements World {

  private final TemporaryPostgres postgres;
  private final Scenario scenario;

  CredulousWorld(TemporaryPostgres postgres, Scenario scenario) {
    this.postgres = postgres;
    this.scenario = scenario;
  }

  @Override
  public Address main() {
    return address("postgres");
  }

  @Override
  public Address fork(String name) throws SQLException {
    postgres.execute("CREATE DATABASE \"" + name + "\"");
    Address fork = address(name);
    try (Connection connection = fork.connect()) {
      Sql.run(connection, "CREATE SCHEMA " + name.replace('-', '_'));
      Sql.run(connection, "SET search_path = " + name.replace('-', '_'));
      for (String sql : scenario.base()) {
        try {
          Sql.run(connection, sql);
        } catch (SQLException ignored) {
          // What main refused, a branch of it does not have either.
        }
      }
    }
    return fork;
  }

  @Override
  public Verdicts check(String name) {
    List<Verdicts.Entry> entries = new ArrayList<>();
    for (Step step : scenario.steps()) {
      if (step instanceof Step.Ask ask) {
        entries.add(
            new Verdicts.Entry(
                entries.size(),
                ask.label(),
                ask.sql(),
                "holds",
                "faith",
                "",
                null,
                null,
                JsonNodeFactory.instance.arrayNode()));
      }
    }
    return new Verdicts("0/0", entries);
  }

  @Override
  public void forget(String name) throws SQLException {
    postgres.execute("DROP DATABASE IF EXISTS \"" + name + "\" WITH (FORCE)");
  }

  private Address address(String database) {
    return Address.parse(postgres.url(database));
  }
}
