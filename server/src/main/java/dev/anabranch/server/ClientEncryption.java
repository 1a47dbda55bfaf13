package dev.anabranch.server;

import dev.anabranch.gateway.tls.CertificateFiles;
import dev.anabranch.gateway.tls.Encryption;
import dev.anabranch.gateway.tls.ServerCertificate;
import dev.anabranch.server.settings.TlsOptions;
import dev.anabranch.server.settings.TlsOptions.Mode;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Supplier;

/** Decides how the gateway encrypts, by what was said and by where it listens. */
final class ClientEncryption {

  private ClientEncryption() {}

  /**
   * @param data where a made certificate is kept
   * @throws dev.anabranch.base.AnabranchException SETTINGS_INVALID when a given one can't be used
   */
  static Encryption of(TlsOptions options, InetSocketAddress listens, Path data, Instant now) {
    boolean loopback = listens.getAddress() != null && listens.getAddress().isLoopbackAddress();
    // Beyond this machine, passwords' proofs and all answers would be there to read.
    return switch (options.mode().orElse(loopback ? Mode.OFF : Mode.ON)) {
      case OFF -> new Encryption.Off();
      case ON -> new Encryption.Offered(certificate(options, listens, data, now));
      case REQUIRED -> new Encryption.Required(certificate(options, listens, data, now));
    };
  }

  private static Supplier<ServerCertificate> certificate(
      TlsOptions options, InetSocketAddress listens, Path data, Instant now) {
    if (options.given().isPresent()) {
      TlsOptions.Given given = options.given().get();
      return CertificateFiles.of(given.certificate(), given.key());
    }
    ServerCertificate made = ServerCertificate.keptIn(data, listens.getAddress(), now);
    return () -> made;
  }
}
