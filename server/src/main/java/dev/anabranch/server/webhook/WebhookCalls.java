package dev.anabranch.server.webhook;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Tells a webhook over HTTP. It has understood when it says 2xx; nobody is led elsewhere by it, and
 * what else it says is not read.
 */
final class WebhookCalls implements AutoCloseable {

  /** For the whole of one attempt, as long as others wait for a receiver. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int CLASS = 100;
  private static final int UNDERSTOOD = 2;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(PATIENCE)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /** Why it has not understood; empty when it has. */
  Optional<String> send(Webhook webhook, WebhookSecret secret, Delivery delivery, Instant now)
      throws InterruptedException {
    byte[] body = delivery.body().getBytes(StandardCharsets.UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(webhook.url())
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .header("User-Agent", "Anabranch")
            .header("webhook-id", delivery.id())
            .header("webhook-timestamp", Long.toString(now.getEpochSecond()))
            .header("webhook-signature", secret.signature(delivery.id(), now, body))
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    try {
      HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
      response.body().close();
      return response.statusCode() / CLASS == UNDERSTOOD
          ? Optional.empty()
          : Optional.of("it said " + response.statusCode());
    } catch (IOException e) {
      String why = e.getMessage();
      return Optional.of(why == null ? e.getClass().getSimpleName() : why);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
