package dev.anabranch.server.access;

import java.time.Instant;
import java.util.List;

/** Where tokens are kept. */
public interface TokenStore {

  /**
   * A token with the hash of its secret.
   *
   * @param hash SHA-256, in hexadecimal digits
   */
  record Kept(ApiToken token, String hash) {
    @Override
    public String toString() {
      return "token " + token.id();
    }
  }

  /** All there ever were, the newest first. */
  List<Kept> all();

  void add(Kept kept);

  void revoke(String id, Instant at);
}
