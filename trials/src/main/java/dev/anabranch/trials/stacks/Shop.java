package dev.anabranch.trials.stacks;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The stacks' tables as Hibernate maps them: ids from a sequence that is drawn from in blocks, and
 * a version column.
 */
@SuppressWarnings("UnusedVariable") // Hibernate reads and writes the fields.
final class Shop {

  private Shop() {}

  @Entity
  @Table(name = "customers")
  static class Customer {
    @Id private long id;
    private String name = "";

    String name() {
      return name;
    }
  }

  @Entity
  @Table(name = "orders")
  static class Order {
    @Id private long id;

    @ManyToOne
    @JoinColumn(name = "customer_id")
    private @Nullable Customer customer;

    private String status = "open";
    private BigDecimal total = BigDecimal.ZERO;
    @Version private int version;

    void mark(String mark, Customer whose) {
      status = mark;
      total = total.add(BigDecimal.valueOf(whose.name().length()));
    }
  }

  @Entity
  @Table(name = "order_items")
  static class Item {
    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "items")
    @SequenceGenerator(name = "items", sequenceName = "order_items_seq", allocationSize = 50)
    private long id;

    @ManyToOne
    @JoinColumn(name = "order_id")
    private @Nullable Order order;

    private String sku = "";
    private int qty = 1;
    private UUID uid = UUID.randomUUID();

    @Column(name = "added_at")
    private Instant addedAt = Instant.now();

    Item() {}

    Item(Order order, String sku) {
      this.order = order;
      this.sku = sku;
    }
  }
}
