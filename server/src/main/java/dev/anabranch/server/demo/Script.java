package dev.anabranch.server.demo;

import dev.anabranch.server.demo.DemoStep.Act;
import dev.anabranch.server.demo.DemoStep.Ask;
import dev.anabranch.server.demo.DemoStep.Desk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What Alice asks and does: a hundred varied questions, and three pieces of work that rest on some
 * of them.
 */
final class Script {

  private final List<DemoStep> steps = new ArrayList<>();

  private final Shop shop;

  private Script(Shop shop) {
    this.shop = shop;
  }

  static List<DemoStep> ofAlice(Shop shop) {
    Script script = new Script(shop);
    script.points();
    script.countsAndSums();
    script.ranges();
    script.joins();
    script.loyalty();
    script.stock();
    script.restock();
    script.topAndGroups();
    script.absences();
    script.afterwards();
    script.telephone();
    return List.copyOf(script.steps);
  }

  private void points() {
    for (int i = 1; i <= 14; i++) {
      ask("SELECT status, total FROM orders WHERE id = ?", (long) i * 100);
    }
    for (int i = 1; i <= 10; i++) {
      ask("SELECT name, balance FROM customers WHERE id = ?", (long) i * 40);
    }
  }

  private void countsAndSums() {
    for (int i = 1; i <= 10; i++) {
      ask("SELECT count(*) FROM orders WHERE customer_id = ? AND status = 'paid'", (long) i * 400);
    }
    for (int i = 1; i <= 8; i++) {
      ask("SELECT sum(total), max(total) FROM orders WHERE customer_id = ?", (long) i * 500);
    }
  }

  private void ranges() {
    for (int day = 30; day <= 120; day += 30) {
      ordered(
          "SELECT id, customer_id, total FROM orders WHERE placed_at >= "
              + midnight(day)
              + " AND placed_at < "
              + midnight(day + 1)
              + " AND total > 800 ORDER BY id");
    }
    for (int i = 1; i <= 4; i++) {
      ask(
          "SELECT id FROM customers WHERE id BETWEEN ? AND ? AND country = 'DE'",
          (long) i * 1000,
          i * 1000L + 90);
    }
  }

  private void joins() {
    for (int i = 1; i <= 8; i++) {
      ask(
          "SELECT l.order_id, l.product_id, l.quantity FROM orders o JOIN order_lines l ON"
              + " l.order_id = o.id WHERE o.id = ?",
          (long) i * 80);
    }
    ask(
        "SELECT c.name, count(o.id) FROM customers c LEFT JOIN orders o ON o.customer_id = c.id AND"
            + " o.status = 'new' WHERE c.id BETWEEN 10 AND 14 GROUP BY c.name");
  }

  private void loyalty() {
    askAt(
        Desk.LOYALTY,
        "SELECT count(*) FROM orders WHERE customer_id = ?",
        (long) Shop.LOYAL_CUSTOMER);
    act(Desk.LOYALTY, "UPDATE customers SET vip = true WHERE id = " + Shop.LOYAL_CUSTOMER);
  }

  private void stock() {
    for (int i = 1; i <= 8; i++) {
      ask("SELECT warehouse, on_hand FROM inventory WHERE product_id = ?", i * 4);
    }
    for (int warehouse = 1; warehouse <= 3; warehouse++) {
      ask(
          "SELECT count(*) FROM inventory WHERE warehouse = ? AND product_id <= 500 AND on_hand <"
              + " reorder_level",
          warehouse);
    }
  }

  private void restock() {
    askAt(
        Desk.RESTOCK,
        "SELECT on_hand, reorder_level FROM inventory WHERE product_id = ? AND warehouse = 2",
        17);
    act(
        Desk.RESTOCK,
        "UPDATE inventory SET reorder_level = 90 WHERE product_id = 17 AND warehouse = 2");
    askAt(
        Desk.RESTOCK,
        "SELECT product_id FROM inventory WHERE warehouse = 2 AND reorder_level >= ? AND product_id"
            + " <= 500",
        90);
  }

  private void topAndGroups() {
    for (int day = 30; day <= 120; day += 30) {
      ordered(
          "SELECT id, total FROM orders WHERE placed_at < "
              + midnight(day)
              + " ORDER BY total DESC, id LIMIT 5");
    }
    for (String country : List.of("AT", "DE", "FR")) {
      ask("SELECT vip, count(*) FROM customers WHERE country = ? GROUP BY vip", country);
    }
    ask("SELECT status, count(*) FROM orders WHERE id <= 50000 GROUP BY status");
    ordered(
        "SELECT id, rank() OVER (ORDER BY total DESC, id) FROM orders WHERE customer_id = ? ORDER"
            + " BY id",
        2400L);
    ask("SELECT DISTINCT product_id FROM order_lines WHERE order_id BETWEEN ? AND ?", 500L, 520L);
  }

  private void absences() {
    for (String country : List.of("AT", "BE", "CH")) {
      ask(
          "SELECT count(*) FROM customers c WHERE c.country = ? AND c.id <= 5000 AND NOT EXISTS"
              + " (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.status = 'new')",
          country);
    }
    for (int i = 1; i <= 3; i++) {
      ask(
          "SELECT count(*) FROM customers c WHERE c.id BETWEEN ? AND ? AND NOT EXISTS (SELECT 1"
              + " FROM orders o WHERE o.customer_id = c.id AND o.placed_at > now() - interval '90"
              + " days')",
          i * 300L,
          i * 300L + 200);
    }
    ask("SELECT EXISTS (SELECT 1 FROM inventory WHERE product_id = ? AND on_hand = 0)", 44);
    ask(
        "SELECT id FROM products WHERE price > 204 EXCEPT SELECT product_id FROM order_lines WHERE"
            + " order_id < 5000");
  }

  private void telephone() {
    askAt(Desk.TELEPHONE, "SELECT name, balance FROM customers WHERE id = ?", 77L);
    askAt(Desk.TELEPHONE, "SELECT price FROM products WHERE id = ?", 5);
    act(
        Desk.TELEPHONE,
        "WITH placed AS (INSERT INTO orders (customer_id, status, total, placed_at)"
            + " VALUES (77, 'paid', 39.80, "
            + midnight(290)
            + ") RETURNING id)"
            + " INSERT INTO order_lines SELECT id, 1, 5, 2, 19.90 FROM placed");
    askAt(Desk.TELEPHONE, "SELECT count(*), sum(total) FROM orders WHERE customer_id = ?", 77L);
  }

  private void afterwards() {
    ask("SELECT count(*) FROM customers WHERE vip");
    ask("SELECT max(total) FROM orders WHERE customer_id = 2000");
    ask("SELECT count(*) FROM orders WHERE id BETWEEN 290 AND 310 AND status = 'done'");
    ask("SELECT count(*) FROM orders");
    ask("SELECT avg(balance) FROM customers WHERE country = 'SE' AND id <= 5000");
    ask("SELECT count(DISTINCT customer_id) FROM orders WHERE id <= 20000");
  }

  private String midnight(int day) {
    return "timestamptz '" + shop.firstDay().plusDays(day) + " 00:00Z'";
  }

  private void ask(String sql, Object... parameters) {
    askAt(Desk.BROWSING, sql, parameters);
  }

  private void askAt(Desk desk, String sql, Object... parameters) {
    steps.add(new Ask(desk, sql, Arrays.asList(parameters), false));
  }

  private void ordered(String sql, Object... parameters) {
    steps.add(new Ask(Desk.BROWSING, sql, Arrays.asList(parameters), true));
  }

  private void act(Desk desk, String sql) {
    steps.add(new Act(desk, sql));
  }
}
