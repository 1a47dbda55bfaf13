package dev.anabranch.server.settings;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What was said about encryption of the client wire.
 *
 * @param mode see {@link Setting#TLS}; empty: by the address
 * @param given the certificate to show; empty: one of our own
 */
public record TlsOptions(Optional<Mode> mode, Optional<Given> given) {

  /** Whether clients may or must encrypt. */
  public enum Mode {
    OFF,
    ON,
    REQUIRED
  }

  /**
   * A certificate that somebody else made.
   *
   * @param certificate see {@link Setting#TLS_CERTIFICATE}
   * @param key see {@link Setting#TLS_KEY}
   */
  public record Given(Path certificate, Path key) {}

  /** Nothing was said. */
  public static TlsOptions none() {
    return new TlsOptions(Optional.empty(), Optional.empty());
  }
}
