package dev.anabranch.server.http;

import dev.anabranch.base.BranchName;
import dev.anabranch.server.webhook.Delivery;
import dev.anabranch.server.webhook.Webhook;
import dev.anabranch.server.webhook.WebhookStore;
import dev.anabranch.server.webhook.Webhooks;
import io.javalin.http.Context;
import java.net.URI;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Webhooks are set, listed and taken away.
 *
 * @param operations what can be asked
 */
record WebhookRoutes(Operations operations) {

  private static final int CREATED = 201;

  /** A webhook. */
  record WebhookView(
      String id,
      @Nullable String branch,
      String url,
      String who,
      Instant setAt,
      int pending,
      @Nullable String lastOutcome,
      @Nullable Instant lastAt,
      @Nullable String lastWhy) {

    static WebhookView of(WebhookStore.Kept kept) {
      Optional<Delivery.Ended> last = kept.last();
      return new WebhookView(
          kept.webhook().id(),
          kept.webhook().branch().map(BranchName::value).orElse(null),
          kept.webhook().url().toString(),
          kept.webhook().who(),
          kept.webhook().setAt(),
          kept.pending(),
          last.map(ended -> ended.outcome().name().toLowerCase(Locale.ROOT)).orElse(null),
          last.map(Delivery.Ended::at).orElse(null),
          last.map(Delivery.Ended::why).orElse(null));
    }
  }

  /** A webhook that was set, with the secret that nobody is told again. */
  record IssuedWebhookView(
      String secret, String id, @Nullable String branch, String url, String who, Instant setAt) {

    static IssuedWebhookView of(Webhooks.Issued issued) {
      Webhook webhook = issued.webhook();
      return new IssuedWebhookView(
          issued.secret().text(),
          webhook.id(),
          webhook.branch().map(BranchName::value).orElse(null),
          webhook.url().toString(),
          webhook.who(),
          webhook.setAt());
    }
  }

  void list(Context context) {
    HttpServer.json(context, operations.webhooks().all().stream().map(WebhookView::of).toList());
  }

  void set(Context context) {
    RequestBody body = RequestBody.parse(RequestBody.text(context), ApiBodies.NewWebhook.class);
    Optional<URI> url = body.required("url").flatMap(text -> body.attempt(() -> Webhook.url(text)));
    Optional<BranchName> branch =
        body.text("branch").flatMap(name -> body.attempt(() -> new BranchName(name)));
    String who = body.text("who").filter(said -> !said.isBlank()).orElse(context.ip());
    body.finish();
    branch.ifPresent(operations::get);
    context.status(CREATED);
    HttpServer.json(
        context, IssuedWebhookView.of(operations.webhooks().set(branch, url.orElseThrow(), who)));
  }

  void unset(Context context) {
    Webhook gone = operations.webhooks().unset(context.pathParam("id"));
    HttpServer.json(context, WebhookView.of(new WebhookStore.Kept(gone, 0, Optional.empty())));
  }
}
