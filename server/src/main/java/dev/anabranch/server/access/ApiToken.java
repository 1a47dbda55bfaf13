package dev.anabranch.server.access;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A token as it is kept: all but its secret.
 *
 * @param id how it is called; the beginning of its text
 * @param name what it is for, in its maker's words; may be empty
 * @param rights what it lets its holder do
 * @param createdAt when it was made
 * @param expiresAt from when on it is refused, if ever
 * @param revokedAt when it was revoked, if it was
 */
public record ApiToken(
    String id,
    String name,
    Set<Right> rights,
    Instant createdAt,
    Optional<Instant> expiresAt,
    Optional<Instant> revokedAt) {

  public ApiToken {
    rights = Set.copyOf(rights);
  }

  /** Whether it lets anybody in. */
  public enum State {
    VALID,
    EXPIRED,
    REVOKED
  }

  public State state(Instant now) {
    if (revokedAt.isPresent()) {
      return State.REVOKED;
    }
    return expiresAt.filter(end -> !now.isBefore(end)).isPresent() ? State.EXPIRED : State.VALID;
  }

  ApiToken revoked(Instant at) {
    return new ApiToken(id, name, rights, createdAt, expiresAt, Optional.of(at));
  }
}
