package dev.anabranch.branch;

import java.security.SecureRandom;
import java.util.Base64;

/** Passwords that nobody can guess: 144 random bits. */
final class Passwords {

  private static final int BYTES = 18;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Passwords() {}

  static String fresh() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
