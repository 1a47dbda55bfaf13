package dev.anabranch.bench.measure;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The client's side of SCRAM-SHA-256 (RFC 5802), in steps, so that a clock can stop while keys are
 * derived. Its nonce is no secret here: nobody listens, and nothing is at stake.
 *
 * @param bareFirst the client's first message without the header
 * @param serverFirst what the server said to it; empty before
 * @param saltedPassword derived from the password; empty before
 */
record Scram(String bareFirst, String serverFirst, Optional<SecretKey> saltedPassword) {

  private static final int KEY_BITS = 256;
  private static final String HEADER = "n,,";

  static Scram begin() {
    return new Scram("n=,r=" + Long.toHexString(System.nanoTime()), "", Optional.empty());
  }

  String first() {
    return HEADER + bareFirst;
  }

  Scram challenged(String challenge) {
    return new Scram(bareFirst, challenge, saltedPassword);
  }

  Scram derive(String password) {
    try {
      byte[] salt = Base64.getDecoder().decode(field('s'));
      PBEKeySpec spec =
          new PBEKeySpec(password.toCharArray(), salt, Integer.parseInt(field('i')), KEY_BITS);
      return new Scram(
          bareFirst,
          serverFirst,
          Optional.of(SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("deriving the keys of a login", e);
    }
  }

  /** The message with the proof. */
  String last() {
    String bare =
        "c="
            + Base64.getEncoder().encodeToString(HEADER.getBytes(StandardCharsets.UTF_8))
            + ",r="
            + field('r');
    byte[] clientKey = hmac(saltedPassword.orElseThrow().getEncoded(), "Client Key");
    byte[] signature = hmac(digest(clientKey), bareFirst + "," + serverFirst + "," + bare);
    for (int i = 0; i < clientKey.length; i++) {
      clientKey[i] ^= signature[i];
    }
    return bare + ",p=" + Base64.getEncoder().encodeToString(clientKey);
  }

  private String field(char name) {
    for (String part : serverFirst.split(",")) {
      if (part.charAt(0) == name) {
        return part.substring(2);
      }
    }
    throw new IllegalStateException("the challenge " + serverFirst + " has no " + name);
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing a login", e);
    }
  }

  private static byte[] digest(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing a login", e);
    }
  }
}
