package dev.anabranch.server.webhook;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.branch.storage.PasswordCipher;
import dev.anabranch.server.webhook.Delivery.Ended;
import dev.anabranch.server.webhook.Delivery.Outcome;
import java.net.URI;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;

/** Webhooks in the control database, their secrets sealed. */
public final class ControlWebhooks implements WebhookStore {

  private final Jdbi jdbi;
  private final PasswordCipher seal;

  public ControlWebhooks(DataSource control, PasswordCipher seal) {
    this.jdbi = Jdbi.create(control);
    this.seal = seal;
    // What is bound is not for logs.
    jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
  }

  @Override
  public List<Kept> all() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "SELECT w.*, (SELECT count(*) FROM webhook_branches b WHERE b.webhook = w.id AND"
                    + " b.delivery IS NOT NULL) AS pending FROM webhooks w ORDER BY set_at, id")
            .map((row, ignored) -> new Kept(webhook(row), row.getInt("pending"), last(row)))
            .list());
  }

  private static Webhook webhook(ResultSet row) throws SQLException {
    String branch = row.getString("branch");
    return new Webhook(
        row.getString("id"),
        branch.isEmpty() ? Optional.empty() : Optional.of(new BranchName(branch)),
        URI.create(row.getString("url")),
        row.getString("who"),
        row.getTimestamp("set_at").toInstant());
  }

  private static Optional<Ended> last(ResultSet row) throws SQLException {
    Timestamp at = row.getTimestamp("last_at");
    return at == null
        ? Optional.empty()
        : Optional.of(
            new Ended(
                Outcome.valueOf(row.getString("last_outcome").toUpperCase(Locale.ROOT)),
                at.toInstant(),
                row.getString("last_why")));
  }

  @Override
  public Webhook set(Webhook webhook, WebhookSecret secret) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "INSERT INTO webhooks (id, branch, url, secret, who, set_at) VALUES (:id, :branch,"
                    + " :url, :secret, :who, :at) ON CONFLICT (branch, url) DO UPDATE SET secret ="
                    + " excluded.secret, who = excluded.who, set_at = excluded.set_at RETURNING *")
            .bind("id", webhook.id())
            .bind("branch", webhook.branch().map(BranchName::value).orElse(""))
            .bind("url", webhook.url().toString())
            .bind("secret", seal.close(secret.text()))
            .bind("who", webhook.who())
            .bind("at", webhook.setAt())
            .map((row, ignored) -> webhook(row))
            .one());
  }

  @Override
  public Optional<Webhook> unset(String id) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("DELETE FROM webhooks WHERE id = :id RETURNING *")
            .bind("id", id)
            .map((row, ignored) -> webhook(row))
            .findOne());
  }

  @Override
  public Optional<WebhookSecret> secret(String id) {
    return jdbi.withHandle(handle ->
            handle
                .createQuery("SELECT secret FROM webhooks WHERE id = :id")
                .bind("id", id)
                .mapTo(String.class)
                .findOne())
        .flatMap(seal::open)
        .map(WebhookSecret::new);
  }

  @Override
  public Optional<Set<Long>> told(String webhook, BranchId branch) {
    return jdbi.withHandle(handle -> {
      handle
          .createUpdate(
              "INSERT INTO webhook_branches (webhook, branch) SELECT id, :branch FROM webhooks"
                  + " WHERE id = :webhook ON CONFLICT DO NOTHING")
          .bind("webhook", webhook)
          .bind("branch", branch.value())
          .execute();
      return handle
          .createQuery(
              "SELECT broken FROM webhook_branches WHERE webhook = :webhook AND branch = :branch"
                  + " AND delivery IS NULL")
          .bind("webhook", webhook)
          .bind("branch", branch.value())
          .map((row, ignored) -> numbers(row.getArray("broken")))
          .findOne();
    });
  }

  private static Set<Long> numbers(Array array) throws SQLException {
    return new HashSet<>(List.of((Long[]) array.getArray()));
  }

  @Override
  public void begin(Delivery delivery, Instant due) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate(
                "UPDATE webhook_branches SET delivery = :id, body = :body, becomes = :becomes,"
                    + " attempts = :attempts, due_at = :due WHERE webhook = :webhook AND branch ="
                    + " :branch AND delivery IS NULL")
            .bind("id", delivery.id())
            .bind("body", delivery.body())
            .bindArray("becomes", Long.class, delivery.becomes())
            .bind("attempts", delivery.attempts())
            .bind("due", due)
            .bind("webhook", delivery.webhook())
            .bind("branch", delivery.branch().value())
            .execute());
  }

  @Override
  public List<Delivery> due(Instant now) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "SELECT DISTINCT ON (webhook) * FROM webhook_branches WHERE delivery IS NOT NULL"
                    + " AND due_at <= :now ORDER BY webhook, due_at, branch")
            .bind("now", now)
            .map(ControlWebhooks::delivery)
            .list());
  }

  private static Delivery delivery(ResultSet row, StatementContext context) throws SQLException {
    return new Delivery(
        row.getString("delivery"),
        row.getString("webhook"),
        new BranchId(row.getLong("branch")),
        row.getString("body"),
        numbers(row.getArray("becomes")),
        row.getInt("attempts"));
  }

  @Override
  public void ended(Delivery delivery, Ended ended, Optional<Instant> next) {
    jdbi.useTransaction(handle -> {
      next.ifPresentOrElse(due -> again(handle, delivery, due), () -> over(handle, delivery));
      handle
          .createUpdate(
              "UPDATE webhooks SET last_at = :at, last_outcome = :outcome, last_why = :why WHERE id"
                  + " = :webhook")
          .bind("at", ended.at())
          .bind("outcome", ended.outcome().name().toLowerCase(Locale.ROOT))
          .bind("why", ended.why())
          .bind("webhook", delivery.webhook())
          .execute();
    });
  }

  private static void again(Handle handle, Delivery delivery, Instant due) {
    handle
        .createUpdate(
            "UPDATE webhook_branches SET attempts = attempts + 1, due_at = :due WHERE delivery ="
                + " :id")
        .bind("due", due)
        .bind("id", delivery.id())
        .execute();
  }

  private static void over(Handle handle, Delivery delivery) {
    handle
        .createUpdate(
            "UPDATE webhook_branches SET broken = becomes, delivery = NULL, body = NULL, becomes ="
                + " NULL, attempts = 0, due_at = NULL WHERE delivery = :id")
        .bind("id", delivery.id())
        .execute();
  }

  @Override
  public void keepOnly(Set<BranchId> living) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate("DELETE FROM webhook_branches WHERE branch <> ALL (:living)")
            .bindArray("living", Long.class, living.stream().map(BranchId::value).toList())
            .execute());
  }
}
