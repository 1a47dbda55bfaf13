package dev.anabranch.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.gateway.tls.Encryption;
import dev.anabranch.server.settings.TlsOptions;
import dev.anabranch.server.settings.TlsOptions.Mode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether the gateway encrypts, and with what. */
class ClientEncryptionTest {

  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 6432);
  private static final InetSocketAddress EVERYWHERE = new InetSocketAddress(6432);

  @TempDir private Path data;

  private Encryption chosen(TlsOptions options, InetSocketAddress listens) {
    return ClientEncryption.of(options, listens, data, Instant.now());
  }

  @Test
  void itIsOfferedWhereverOthersCouldListen() throws IOException {
    assertThat(chosen(TlsOptions.none(), LOOPBACK)).isInstanceOf(Encryption.Off.class);
    assertThat(data).isEmptyDirectory();
    assertThat(chosen(TlsOptions.none(), EVERYWHERE)).isInstanceOf(Encryption.Offered.class);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(data.resolve("gateway-key.pem"))))
        .isEqualTo("rw-------");
  }

  @Test
  void whatIsSaidCounts() {
    assertThat(chosen(wish(Mode.OFF), EVERYWHERE)).isInstanceOf(Encryption.Off.class);
    assertThat(chosen(wish(Mode.ON), LOOPBACK)).isInstanceOf(Encryption.Offered.class);
    assertThat(chosen(wish(Mode.REQUIRED), LOOPBACK)).isInstanceOf(Encryption.Required.class);
  }

  @Test
  void aGivenCertificateIsShown() {
    Encryption made = chosen(wish(Mode.ON), LOOPBACK);
    TlsOptions given =
        new TlsOptions(
            Optional.of(Mode.REQUIRED),
            Optional.of(
                new TlsOptions.Given(
                    data.resolve("gateway-certificate.pem"), data.resolve("gateway-key.pem"))));
    Encryption again = chosen(given, LOOPBACK);
    assertThat(again.certificate().flatMap(shown -> shown.bindingData()).orElseThrow())
        .isEqualTo(made.certificate().flatMap(shown -> shown.bindingData()).orElseThrow());
  }

  @Test
  void aFileThatIsNoCertificateIsAMistake() throws IOException {
    Path nonsense = Files.writeString(data.resolve("nonsense.pem"), "nonsense");
    TlsOptions given =
        new TlsOptions(Optional.of(Mode.ON), Optional.of(new TlsOptions.Given(nonsense, nonsense)));
    assertThatThrownBy(() -> chosen(given, LOOPBACK))
        .hasMessageContaining("nonsense.pem")
        .hasMessageContaining("PKCS #8");
  }

  private static TlsOptions wish(Mode mode) {
    return new TlsOptions(Optional.of(mode), Optional.empty());
  }
}
