package dev.anabranch.gateway.auth;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.StringPreparation;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * What a server keeps of a password (RFC 5802): enough to check a proof, not enough to make one.
 *
 * @param salt in Base64
 */
public record ScramVerifier(String salt, int iterations, byte[] storedKey, byte[] serverKey) {

  static final ScramMechanism MECHANISM = ScramMechanism.SCRAM_SHA_256;

  /** Postgres's own default, and the least that clients accept. */
  private static final int ITERATIONS = 4096;

  private static final int SALT_BYTES = 16;

  /** Takes some milliseconds of computing: keep what it returns. */
  public static ScramVerifier of(String password, SecureRandom random) {
    byte[] salt = ScramFunctions.salt(SALT_BYTES, random);
    byte[] salted =
        ScramFunctions.saltedPassword(
            MECHANISM, StringPreparation.POSTGRESQL_PREPARATION, password.toCharArray(), salt, ITERATIONS);
    byte[] clientKey = ScramFunctions.clientKey(MECHANISM, salted);
    return new ScramVerifier(
        Base64.getEncoder().encodeToString(salt),
        ITERATIONS,
        ScramFunctions.storedKey(MECHANISM, clientKey),
        ScramFunctions.serverKey(MECHANISM, salted));
  }

  @Override
  public String toString() {
    return "a SCRAM-SHA-256 verifier";
  }
}
