package dev.anabranch.gateway.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are renewed one after the other, and badly. */
class CertificateFilesTest {

  @TempDir private Path directory = Path.of("unset");

  private Path chain = Path.of("unset");
  private Path key = Path.of("unset");

  @BeforeEach
  void makeTwo() throws IOException {
    for (String name : new String[] {"first", "second"}) {
      ServerCertificate.keptIn(
          Files.createDirectory(directory.resolve(name)),
          InetAddress.getLoopbackAddress(),
          Instant.now());
    }
    chain = directory.resolve("chain.pem");
    key = directory.resolve("key.pem");
    put("first", "gateway-certificate.pem", chain);
    put("first", "gateway-key.pem", key);
  }

  private void put(String whose, String file, Path as) throws IOException {
    Files.copy(directory.resolve(whose, file), as, StandardCopyOption.REPLACE_EXISTING);
  }

  private static byte[] digest(ServerCertificate certificate) {
    return certificate.bindingData().orElseThrow();
  }

  @Test
  void halfAPairAndNonsenseAreNotTaken() throws IOException {
    CertificateFiles files = CertificateFiles.of(chain, key);
    ServerCertificate first = files.get();
    files.look();
    assertThat(files.get()).isSameAs(first);

    put("second", "gateway-certificate.pem", chain);
    files.look();
    assertThat(files.get()).isSameAs(first);

    put("second", "gateway-key.pem", key);
    files.look();
    ServerCertificate second = files.get();
    assertThat(digest(second)).isNotEqualTo(digest(first));

    Files.writeString(chain, "nonsense");
    files.look();
    Files.delete(chain);
    files.look();
    assertThat(files.get()).isSameAs(second);

    put("first", "gateway-certificate.pem", chain);
    put("first", "gateway-key.pem", key);
    files.look();
    assertThat(digest(files.get())).isEqualTo(digest(first));
  }

  @Test
  void aKeyThatIsAnothersIsAMistakeFromTheStart() throws IOException {
    put("second", "gateway-key.pem", key);
    assertThatThrownBy(() -> CertificateFiles.of(chain, key))
        .hasMessageContaining("the key is another certificate's");
  }
}
