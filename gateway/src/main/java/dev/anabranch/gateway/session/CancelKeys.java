package dev.anabranch.gateway.session;

import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys by which clients cancel each other's statements: the gateway's own, so that none is ever
 * a branch's.
 */
public final class CancelKeys {

  /** What a client shows to cancel. */
  public record CancelKey(int processId, int secret) {}

  private final Map<CancelKey, ClientSession> sessions = new ConcurrentHashMap<>();
  private final SecureRandom random;

  public CancelKeys(SecureRandom random) {
    this.random = random;
  }

  CancelKey add(ClientSession session) {
    while (true) {
      // Postgres's process ids are positive, and some clients show them to people.
      CancelKey key = new CancelKey(random.nextInt(1, Integer.MAX_VALUE), random.nextInt());
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
