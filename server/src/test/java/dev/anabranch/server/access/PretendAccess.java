package dev.anabranch.server.access;

import java.time.InstantSource;
import java.util.Optional;

/** Ways in for tests: with tokens in memory, or for everybody. */
public final class PretendAccess {

  private PretendAccess() {}

  /** For everybody. */
  public static Access open() {
    return new Access(
        new Tokens(new MemoryTokens(), InstantSource.system()),
        new LocalToken(),
        Optional.empty(),
        true);
  }

  /** For who has a token. */
  public static Access closed(InstantSource clock, Optional<String> set) {
    return new Access(new Tokens(new MemoryTokens(), clock), new LocalToken(), set, false);
  }
}
