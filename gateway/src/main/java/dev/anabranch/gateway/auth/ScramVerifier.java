package dev.anabranch.gateway.auth;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.StringPreparation;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * What a server keeps of a password (RFC 5802): enough to check a proof, not enough to make one.
 */
public final class ScramVerifier {

  static final ScramMechanism MECHANISM = ScramMechanism.SCRAM_SHA_256;

  /** Postgres's own default, and the least that clients accept. */
  private static final int ITERATIONS = 4096;

  private static final int SALT_BYTES = 16;

  private final String salt;
  private final byte[] storedKey;
  private final byte[] serverKey;

  private ScramVerifier(String salt, byte[] storedKey, byte[] serverKey) {
    this.salt = salt;
    this.storedKey = storedKey;
    this.serverKey = serverKey;
  }

  /** Takes some milliseconds of computing: keep what it returns. */
  public static ScramVerifier of(String password, SecureRandom random) {
    byte[] salt = ScramFunctions.salt(SALT_BYTES, random);
    byte[] salted =
        ScramFunctions.saltedPassword(
            MECHANISM,
            StringPreparation.POSTGRESQL_PREPARATION,
            password.toCharArray(),
            salt,
            ITERATIONS);
    byte[] clientKey = ScramFunctions.clientKey(MECHANISM, salted);
    return new ScramVerifier(
        Base64.getEncoder().encodeToString(salt),
        ScramFunctions.storedKey(MECHANISM, clientKey),
        ScramFunctions.serverKey(MECHANISM, salted));
  }

  /** In Base64. */
  String salt() {
    return salt;
  }

  int iterations() {
    return ITERATIONS;
  }

  boolean proves(byte[] proof, String authMessage) {
    return proof.length == storedKey.length
        && ScramFunctions.verifyClientProof(MECHANISM, proof, storedKey, authMessage);
  }

  /** What shows the client that this server knows the password too. */
  byte[] signature(String authMessage) {
    return ScramFunctions.serverSignature(MECHANISM, serverKey, authMessage);
  }
}
