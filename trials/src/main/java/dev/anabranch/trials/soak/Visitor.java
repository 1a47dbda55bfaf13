package dev.anabranch.trials.soak;

import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/**
 * One user of the product: creates a branch, asks, writes, checks, promotes and deletes it, again
 * and again, and makes sure each time that main got every row once.
 */
final class Visitor implements Runnable {

  private static final int QUESTIONS = 12;
  private static final int UNITS = 4;
  private static final int NOT_FOUND = 404;

  /** So often a promotion is tried, all answers accepted after the first time. */
  private static final int PROMOTIONS_TRIED = 8;

  private final Product product;
  private final Address main;
  private final String name;
  private final int accounts;
  private final Random random;
  private final Figures figures;
  private final long endNanos;

  Visitor(
      Product product,
      Address main,
      String name,
      int accounts,
      Random random,
      Figures figures,
      long endNanos) {
    this.product = product;
    this.main = main;
    this.name = name;
    this.accounts = accounts;
    this.random = random;
    this.figures = figures;
    this.endNanos = endNanos;
  }

  @Override
  public void run() {
    for (int i = 0; System.nanoTime() < endNanos; i++) {
      String branch = name + "-" + i;
      try {
        visit(branch);
      } catch (SQLException | RuntimeException e) {
        figures.failed(branch + ": " + e);
        remove(branch);
      }
    }
  }

  /** After a failure, so that one finding does not become many. */
  private void remove(String branch) {
    try {
      product.delete(branch);
    } catch (Product.Refused e) {
      if (e.status() != NOT_FOUND) {
        figures.failed("removing " + branch + ": " + e);
      }
    }
  }

  private void visit(String branch) throws SQLException {
    Product.Wish wish = random.nextBoolean() ? Product.Wish.now() : Product.Wish.latest();
    Address reached = figures.timed("create", () -> product.create(branch, wish));
    work(branch, reached);
    figures.checked(figures.timed("check", () -> product.check(branch)).path("counts"));
    promote(branch);
    List<String> landed =
        main.texts("SELECT text FROM soak_notes WHERE text LIKE '" + branch + " u%' ORDER BY text");
    if (!landed.equals(tags(branch))) {
      figures.failed(branch + ": main has the rows " + landed);
    }
    figures.timed(
        "delete",
        () -> {
          product.delete(branch);
          return branch;
        });
  }

  private void work(String branch, Address reached) throws SQLException {
    try (Connection connection = reached.connect()) {
      if (!Sql.texts(connection, Pgbench.BALANCED).equals(List.of("t"))) {
        figures.failed(branch + ": its fork point is in the middle of a transaction");
      }
      for (int i = 0; i < QUESTIONS; i++) {
        int account = 1 + random.nextInt(accounts);
        Sql.texts(connection, "SELECT abalance FROM pgbench_accounts WHERE aid = " + account);
        Sql.texts(
            connection,
            "SELECT count(*) FROM pgbench_tellers WHERE tbalance > " + random.nextInt(10000));
      }
      connection.setAutoCommit(false);
      for (String tag : tags(branch)) {
        Sql.run(connection, "INSERT INTO soak_notes (text) VALUES ('" + tag + "')");
        if (tag.endsWith("b")) {
          int account = 1 + random.nextInt(accounts);
          Sql.run(
              connection,
              "UPDATE pgbench_accounts SET filler = '" + branch + "' WHERE aid = " + account);
          connection.commit();
        }
      }
    }
  }

  private static List<String> tags(String branch) {
    List<String> tags = new ArrayList<>();
    for (int i = 0; i < UNITS; i++) {
      tags.add(branch + " u" + i + " a");
      tags.add(branch + " u" + i + " b");
    }
    return tags;
  }

  private void promote(String branch) {
    List<Long> accept = List.of();
    for (int i = 0; i < PROMOTIONS_TRIED; i++) {
      List<Long> accepted = accept;
      JsonNode promotion = figures.timed("promote", () -> product.promote(branch, false, accepted));
      String outcome = promotion.path("outcome").asString();
      figures.promoted(outcome);
      if (outcome.equals("landed") || outcome.equals("nothing")) {
        return;
      }
      accept = answersOf(branch);
    }
    figures.failed(branch + ": not landed after " + PROMOTIONS_TRIED + " promotions");
  }

  /** What rests on tables that main writes all the time is in doubt whenever it is looked at. */
  private List<Long> answersOf(String branch) {
    List<Long> ids = new ArrayList<>();
    product.check(branch).path("answers").forEach(answer -> ids.add(answer.path("id").asLong()));
    return ids;
  }
}
