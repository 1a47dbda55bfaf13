package dev.anabranch.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** Deliveries are signed as the specification says. */
class WebhookSecretTest {

  /** The example of the Standard Webhooks specification. */
  @Test
  void aSignatureIsThatOfTheSpecification() {
    WebhookSecret secret = new WebhookSecret("whsec_plJ3nmyCDGBKInavdOK15jsl");
    byte[] body =
        "{\"event_type\":\"ping\",\"data\":{\"success\":true}}".getBytes(StandardCharsets.UTF_8);
    assertThat(secret.signature("msg_loFOjxBNrRLzqYUf", Instant.ofEpochSecond(1_731_705_121), body))
        .isEqualTo("v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=");
  }

  @Test
  void eachIsDrawnAndHiddenFromLogs() {
    SecureRandom random = new SecureRandom();
    WebhookSecret secret = WebhookSecret.fresh(random);
    assertThat(secret).isNotEqualTo(WebhookSecret.fresh(random)).hasToString("whsec_…");
    assertThat(Base64.getDecoder().decode(secret.text().substring("whsec_".length()))).hasSize(32);
  }
}
