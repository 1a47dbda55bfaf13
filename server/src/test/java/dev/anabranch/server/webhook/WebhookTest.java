package dev.anabranch.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.BranchId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses can be told something, how many, and how often it is tried. */
class WebhookTest {

  private static final Instant THEN = Instant.parse("2026-11-20T10:00:00Z");

  @ParameterizedTest
  @ValueSource(
      strings = {"https://example.com/hook?key=1", "HTTP://[::1]:8080", "http://10.0.0.1/a%20b"})
  void anAddressOfTheWebIsTaken(String text) {
    assertThat(Webhook.url(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.com",
        "ftp://example.com",
        "file:///etc/passwd",
        "http://",
        "https:///x",
        "http://a b",
        "http://ann:secret@example.com",
        "http://example.com/#x"
      })
  void anyOtherIsNot(String text) {
    assertThatThrownBy(() -> Webhook.url(text))
        .hasMessage(
            "'"
                + text
                + "' can't be told anything: give an address that begins with http:// or https://"
                + " and has a host, without a user and without a #.");
  }

  @Test
  void thereAreNoMoreThanServeThemAll() {
    Webhooks webhooks = new Webhooks(new MemoryWebhooks(), () -> THEN);
    for (int i = 0; i < Webhooks.MOST; i++) {
      webhooks.set(Optional.empty(), Webhook.url("http://example.com/" + i), "ann");
    }
    assertThatThrownBy(
            () -> webhooks.set(Optional.empty(), Webhook.url("http://example.com/x"), "ann"))
        .hasMessage("All 20 webhooks that there may be are set: unset one first.");
    String first =
        webhooks.set(Optional.empty(), Webhook.url("http://example.com/0"), "bob").webhook().id();
    assertThat(webhooks.unset(first).who()).isEqualTo("bob");
    assertThat(webhooks.known()).hasSize(Webhooks.MOST - 1);
    assertThatThrownBy(() -> webhooks.unset(first)).hasMessageContaining("There is no webhook");
  }

  @Test
  void aDeliveryIsTriedForMostOfADay() {
    List<Duration> waited = new ArrayList<>();
    Instant now = THEN;
    for (int attempts = 0; ; attempts++) {
      Optional<Instant> next =
          new Delivery("msg_1", "aa", new BranchId(1), "", Set.of(), attempts).next(now);
      if (next.isEmpty()) {
        break;
      }
      waited.add(Duration.between(now, next.get()));
      now = next.get();
    }
    assertThat(waited).isSorted().hasSize(7);
    assertThat(Duration.between(THEN, now)).isBetween(Duration.ofHours(16), Duration.ofHours(24));
  }
}
