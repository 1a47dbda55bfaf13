package dev.anabranch.gateway.session;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys by which clients cancel each other's statements: the secrets are the gateway's own, so
 * that none is ever a branch's.
 */
public final class CancelKeys {

  /** Since protocol 3.2 a secret may be longer than a number. */
  private static final int LONG_SECRET_BYTES = 32;

  private static final int SHORT_SECRET_BYTES = 4;

  /**
   * What a client shows to cancel.
   *
   * @param secret not to be changed
   */
  public record CancelKey(int processId, ByteBuffer secret) {
    @Override
    public String toString() {
      return "the cancel key of process " + processId;
    }
  }

  private final Map<CancelKey, ClientSession> sessions = new ConcurrentHashMap<>();
  private final SecureRandom random;

  public CancelKeys(SecureRandom random) {
    this.random = random;
  }

  /**
   * @param processId the branch's own, which clients compare with the sender of a notification and
   *     with pg_backend_pid(); the secret is the gateway's
   * @param longSecret whether the client can take a long one
   */
  CancelKey add(int processId, boolean longSecret, ClientSession session) {
    while (true) {
      byte[] secret = new byte[longSecret ? LONG_SECRET_BYTES : SHORT_SECRET_BYTES];
      random.nextBytes(secret);
      CancelKey key = new CancelKey(processId, ByteBuffer.wrap(secret).asReadOnlyBuffer());
      if (sessions.putIfAbsent(key, session) == null) {
        return key;
      }
    }
  }

  void remove(CancelKey key) {
    sessions.remove(key);
  }

  Optional<ClientSession> find(CancelKey key) {
    return Optional.ofNullable(sessions.get(key));
  }
}
