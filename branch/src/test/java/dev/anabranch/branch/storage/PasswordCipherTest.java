package dev.anabranch.branch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasswordCipherTest {

  @TempDir private Path directory = Path.of("unset");

  private DataLayout home() {
    return DataLayout.of(directory.resolve("data"));
  }

  @Test
  void whatIsSealedIsReadWithItsKeyOnly() throws IOException {
    PasswordCipher seal = PasswordCipher.in(home());
    String closed = seal.close("correct horse");
    assertThat(closed).doesNotContain("horse").isNotEqualTo(seal.close("correct horse"));
    assertThat(PasswordCipher.isClosed(closed)).isTrue();
    assertThat(seal.open(closed)).contains("correct horse");
    assertThat(PasswordCipher.in(home()).open(closed)).contains("correct horse");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home().sealKey())))
        .isEqualTo("rw-------");

    Files.delete(home().sealKey());
    assertThat(PasswordCipher.in(home()).open(closed)).isEmpty();
  }

  @Test
  void whatAnEarlierVersionKeptIsReadAsItIs() {
    assertThat(PasswordCipher.in(home()).open("Kq3_-x")).contains("Kq3_-x");
    assertThat(PasswordCipher.isClosed("Kq3_-x")).isFalse();
  }

  @Test
  void whatIsNoKeyIsNotTakenForOne() throws IOException {
    Files.createDirectories(home().directory());
    Files.writeString(home().sealKey(), "short");
    assertThatThrownBy(() -> PasswordCipher.in(home())).hasMessageContaining("is no key");
  }
}
