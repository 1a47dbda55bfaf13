package dev.anabranch.trials.stacks;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.table;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.anabranch.trials.drive.Address;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * {@code JavaStacks STACK URL MARK}: three requests, each reads a customer and its order, marks the
 * order and adds an item. Request k works on customer k and order k * 10, and names its task.
 */
public final class JavaStacks {

  private static final List<Long> REQUESTS = List.of(1L, 2L, 3L);

  private JavaStacks() {}

  public static void main(String[] arguments) throws SQLException {
    Address branch = Address.parse(arguments[1]);
    String mark = arguments[2];
    switch (arguments[0]) {
      case "jdbctemplate" -> jdbcTemplate(branch, mark);
      case "jooq" -> jooq(branch, mark);
      case "hibernate" -> hibernate(branch, mark);
      default -> throw new IllegalArgumentException("no such stack: " + arguments[0]);
    }
    System.out.println(arguments[0] + " done");
  }

  private static String jdbcUrl(Address branch) {
    return "jdbc:postgresql://" + branch.host() + ":" + branch.port() + "/" + branch.database();
  }

  private static HikariDataSource pool(Address branch) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(jdbcUrl(branch));
    config.setUsername(branch.user());
    config.setPassword(branch.password());
    config.setMaximumPoolSize(3);
    return new HikariDataSource(config);
  }

  private static String naming(String mark, long request) {
    return "SELECT set_config('anabranch.task', '" + mark + "-" + request + "', true)";
  }

  private static void jdbcTemplate(Address branch, String mark) {
    try (HikariDataSource pool = pool(branch)) {
      JdbcTemplate jdbc = new JdbcTemplate(pool);
      TransactionTemplate transaction =
          new TransactionTemplate(new DataSourceTransactionManager(pool));
      for (long k : REQUESTS) {
        transaction.executeWithoutResult(_ -> {
          jdbc.queryForObject(naming(mark, k), String.class);
          String name =
              jdbc.queryForObject("SELECT name FROM customers WHERE id = ?", String.class, k);
          var order =
              jdbc.queryForMap(
                  "SELECT id, total FROM orders WHERE customer_id = ? AND status = ?", k, "open");
          BigDecimal total =
              ((BigDecimal) Objects.requireNonNull(order.get("total")))
                  .add(BigDecimal.valueOf(String.valueOf(name).length()));
          jdbc.update(
              "UPDATE orders SET status = ?, total = ? WHERE id = ?", mark, total, order.get("id"));
          jdbc.update(
              "INSERT INTO order_items (order_id, sku) VALUES (?, ?)", order.get("id"), mark);
        });
      }
    }
  }

  private static void jooq(Address branch, String mark) throws SQLException {
    try (Connection connection = branch.connect()) {
      DSLContext jooq = DSL.using(connection, SQLDialect.POSTGRES);
      for (long k : REQUESTS) {
        jooq.transaction(scope -> {
          DSLContext in = scope.dsl();
          in.fetch(naming(mark, k));
          String name =
              in.select(field("name", String.class))
                  .from(table("customers"))
                  .where(field("id", Long.class).eq(k))
                  .fetchSingle()
                  .value1();
          Record order =
              in.select(field("id", Long.class), field("total", BigDecimal.class))
                  .from(table("orders"))
                  .where(field("customer_id", Long.class).eq(k))
                  .and(field("status", String.class).eq("open"))
                  .fetchSingle();
          in.update(table("orders"))
              .set(field("status", String.class), mark)
              .set(
                  field("total", BigDecimal.class),
                  order.get("total", BigDecimal.class).add(BigDecimal.valueOf(name.length())))
              .where(field("id", Long.class).eq(order.get("id", Long.class)))
              .execute();
          in.insertInto(table("order_items"))
              .set(field("order_id", Long.class), order.get("id", Long.class))
              .set(field("sku", String.class), mark)
              .returning(field("id", Long.class))
              .fetchSingle();
        });
      }
    }
  }

  private static void hibernate(Address branch, String mark) {
    Properties properties = new Properties();
    properties.setProperty("hibernate.connection.url", jdbcUrl(branch));
    properties.setProperty("hibernate.connection.username", branch.user());
    properties.setProperty("hibernate.connection.password", branch.password());
    Configuration configuration =
        new Configuration()
            .addProperties(properties)
            .addAnnotatedClass(Shop.Customer.class)
            .addAnnotatedClass(Shop.Order.class)
            .addAnnotatedClass(Shop.Item.class);
    try (SessionFactory factory = configuration.buildSessionFactory()) {
      for (long k : REQUESTS) {
        factory.inTransaction(session -> {
          session.createNativeQuery(naming(mark, k), String.class).getSingleResult();
          Shop.Customer customer = session.find(Shop.Customer.class, k);
          Shop.Order order =
              session
                  .createQuery(
                      "from Shop$Order where customer = :customer and status = 'open'",
                      Shop.Order.class)
                  .setParameter("customer", customer)
                  .getSingleResult();
          order.mark(mark, customer);
          session.persist(new Shop.Item(order, mark));
        });
      }
    }
  }
}
