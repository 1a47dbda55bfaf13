package dev.anabranch.gateway.session;

import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys by which clients cancel each other's statements: the secrets are the gateway's own, so
 * that none is ever a branch's.
 */
public final class CancelKeys {

  /** What a client shows to cancel. */
  public record CancelKey(int processId, int secret) {}

  private final Map<CancelKey, ClientSession> sessions = new ConcurrentHashMap<>();
  private final SecureRandom random;

  public CancelKeys(SecureRandom random) {
    this.random = random;
  }

  /**
   * @param processId the branch's own, which clients compare with the sender of a notification and
   *     with pg_backend_pid(); the secret is the gateway's
   */
  CancelKey add(int processId, ClientSession session) {
    while (true) {
      CancelKey key = new CancelKey(processId, random.nextInt());
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
