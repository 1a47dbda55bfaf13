package dev.anabranch.server.access;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Tokens in memory. */
final class MemoryTokens implements TokenStore {

  private final List<Kept> kept = new ArrayList<>();

  @Override
  public synchronized List<Kept> all() {
    return kept.stream()
        .sorted(
            Comparator.comparing((Kept one) -> one.token().createdAt())
                .reversed()
                .thenComparing(one -> one.token().id()))
        .toList();
  }

  @Override
  public synchronized void add(Kept one) {
    kept.add(one);
  }

  @Override
  public synchronized void revoke(String id, Instant at) {
    kept.replaceAll(one ->
        one.token().id().equals(id) && one.token().revokedAt().isEmpty()
            ? new Kept(one.token().revoked(at), one.hash())
            : one);
  }
}
