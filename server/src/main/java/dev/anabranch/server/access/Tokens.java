package dev.anabranch.server.access;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The tokens of this server. They are read once and then known here, so that who asks is told apart
 * also while the control database is away; a revocation counts when {@link #revoke} returns.
 */
public final class Tokens {

  private final TokenStore store;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, TokenStore.Kept> known;

  public Tokens(TokenStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
    this.known =
        new ConcurrentHashMap<>(
            store.all().stream()
                .collect(Collectors.toMap(kept -> kept.token().id(), kept -> kept)));
  }

  /**
   * A token that was just made.
   *
   * @param text all of it, which nobody can be told again
   */
  public record Issued(ApiToken token, String text) {
    @Override
    public String toString() {
      return "token " + token.id();
    }
  }

  /** Makes one. */
  public Issued issue(String name, Set<Right> rights, Optional<Instant> expiresAt) {
    TokenText text = TokenText.fresh(random);
    ApiToken token =
        new ApiToken(
            text.id(),
            name,
            rights,
            now(),
            expiresAt.map(end -> end.truncatedTo(ChronoUnit.MICROS)),
            Optional.empty());
    TokenStore.Kept kept = new TokenStore.Kept(token, text.hash());
    store.add(kept);
    known.put(token.id(), kept);
    return new Issued(token, text.text());
  }

  /** An admin's, when there never was any token; else nothing. */
  public Optional<Issued> first() {
    return known.isEmpty()
        ? Optional.of(issue("first start", Set.of(Right.ADMIN), Optional.empty()))
        : Optional.empty();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** All there ever were, the newest first. */
  public List<ApiToken> list() {
    return known.values().stream()
        .map(TokenStore.Kept::token)
        .sorted(
            java.util.Comparator.comparing(ApiToken::createdAt)
                .reversed()
                .thenComparing(ApiToken::id))
        .toList();
  }

  public ApiToken.State state(ApiToken token) {
    return token.state(clock.instant());
  }

  /**
   * From now on nobody is let in with it. Once more changes nothing.
   *
   * @throws AnabranchException TOKEN_UNKNOWN
   */
  public ApiToken revoke(String id) {
    TokenStore.Kept kept = known.get(id);
    if (kept == null) {
      throw new AnabranchException(ErrorCode.TOKEN_UNKNOWN, id);
    }
    if (kept.token().revokedAt().isPresent()) {
      return kept.token();
    }
    ApiToken revoked = kept.token().revoked(now());
    store.revoke(id, revoked.revokedAt().orElseThrow());
    known.put(id, new TokenStore.Kept(revoked, kept.hash()));
    return revoked;
  }

  /**
   * Who comes with this text.
   *
   * @throws AnabranchException TOKEN_REFUSED; why, only to who has all of it
   */
  Holder holder(String text) {
    TokenText given =
        TokenText.parse(text).orElseThrow(() -> refused("it is none of this server's"));
    TokenStore.Kept kept = known.get(given.id());
    if (kept == null || !TokenText.same(kept.hash(), given.hash())) {
      throw refused("it is none of this server's");
    }
    return switch (kept.token().state(clock.instant())) {
      case VALID -> new Holder(kept.token().id(), kept.token().rights());
      case EXPIRED ->
          throw refused("its time was over at " + kept.token().expiresAt().orElseThrow());
      case REVOKED -> throw refused("it was revoked at " + kept.token().revokedAt().orElseThrow());
    };
  }

  private static AnabranchException refused(String why) {
    return new AnabranchException(ErrorCode.TOKEN_REFUSED, why);
  }
}
