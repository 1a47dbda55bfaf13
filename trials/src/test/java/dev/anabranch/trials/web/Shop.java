package dev.anabranch.trials.web;

import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * A shop whose branch has work of three tasks: one that lands, one that rests on an answer that has
 * changed, and one that main has changed as well.
 *
 * @param product the server
 * @param name the branch, and what its tables' names begin with
 */
record Shop(Product product, String name) {

  /** On main. */
  void main(String... sql) throws SQLException {
    product.main().run(sql);
  }

  /** On the branch, for a task. */
  void work(String task, String... sql) throws SQLException {
    try (Connection connection = product.branch(name).connect()) {
      Sql.run(connection, "SET anabranch.task = '" + task + "'");
      connection.setAutoCommit(false);
      for (String one : sql) {
        Sql.run(connection, one);
      }
      connection.commit();
    }
  }

  List<String> onMain(String sql) throws SQLException {
    try (Connection connection = product.main().connect()) {
      return Sql.texts(connection, sql);
    }
  }

  static Shop open(Product product, String name) throws SQLException {
    Shop shop = new Shop(product, name);
    shop.main(
        "CREATE SCHEMA " + name,
        "CREATE TABLE %s.stock (id int PRIMARY KEY, qty int, place text)".formatted(name),
        "INSERT INTO %s.stock VALUES (1, 10, 'Oslo'), (2, 20, 'Oslo'), (3, 30, 'Oslo')"
            .formatted(name),
        "CREATE TABLE %s.shelf (id int PRIMARY KEY, filled boolean)".formatted(name),
        "INSERT INTO %s.shelf VALUES (1, false), (2, false)".formatted(name),
        "CREATE TABLE %s.note (id int PRIMARY KEY, line text)".formatted(name),
        "CREATE TABLE %s.price (id int PRIMARY KEY, cents int)".formatted(name),
        "INSERT INTO %s.price VALUES (1, 1200), (2, 900)".formatted(name));
    product.create(name, Product.Wish.now());
    shop.work(
        "recount stock",
        "UPDATE %s.stock SET qty = 11, place = 'Rome' WHERE id = 1".formatted(name));
    shop.work(
        "order pallets",
        "SELECT count(*) FROM %s.shelf WHERE NOT filled".formatted(name),
        "INSERT INTO %s.note VALUES (1, 'order two pallets')".formatted(name));
    shop.work(
        "spring prices",
        "SELECT cents FROM %s.price WHERE id = 2".formatted(name),
        "UPDATE %s.price SET cents = 950 WHERE id = 2".formatted(name));
    shop.main(
        "UPDATE %s.stock SET qty = 12, place = 'Lima' WHERE id = 1".formatted(name),
        "INSERT INTO %s.shelf VALUES (3, false)".formatted(name));
    return shop;
  }

  void close() throws SQLException {
    product.delete(name);
    main("DROP SCHEMA " + name + " CASCADE");
  }
}
