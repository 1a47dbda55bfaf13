package dev.anabranch.server.webhook;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a delivery is signed with, as the Standard Webhooks specification has it, so that its
 * libraries can verify ours.
 *
 * <pre>
 * webhook-id         the delivery, the same in each attempt
 * webhook-timestamp  the attempt, in seconds since 1970
 * webhook-signature  v1, and in Base64 the HMAC-SHA256 of  ID.TIMESTAMP.BODY
 * </pre>
 *
 * @param text {@code whsec_} and 256 bits in Base64
 */
public record WebhookSecret(String text) {

  private static final String MARK = "whsec_";
  private static final int BYTES = 32;
  private static final String ALGORITHM = "HmacSHA256";

  static WebhookSecret fresh(SecureRandom random) {
    byte[] secret = new byte[BYTES];
    random.nextBytes(secret);
    return new WebhookSecret(MARK + Base64.getEncoder().encodeToString(secret));
  }

  /** What goes into {@code webhook-signature}. */
  String signature(String delivery, Instant at, byte[] body) {
    ByteArrayOutputStream signed = new ByteArrayOutputStream();
    signed.writeBytes(
        (delivery + "." + at.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8));
    signed.writeBytes(body);
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(
          new SecretKeySpec(Base64.getDecoder().decode(text.substring(MARK.length())), ALGORITHM));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.toByteArray()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing a delivery", e);
    }
  }

  /** Not for logs. */
  @Override
  public String toString() {
    return MARK + "…";
  }
}
