package dev.anabranch.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.gateway.wire.BackendDecoder;
import dev.anabranch.gateway.wire.FrontendDecoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Texts are read as what the branch takes them for, or not at all. */
class TextEncodingTest {

  private final TextEncoding encoding =
      new TextEncoding(new FrontendDecoder(), new BackendDecoder());

  @Test
  void withoutAnEncodingTextsAreThoseOfTheDatabase() {
    encoding.parameterChanged("client_encoding", "SQL_ASCII");
    encoding.parameterChanged("server_encoding", "LATIN1");
    assertThat(encoding.readable()).isTrue();
    assertThat(encoding.charset()).isEqualTo(StandardCharsets.ISO_8859_1);
    encoding.parameterChanged("server_encoding", "UTF8");
    assertThat(encoding.charset()).isEqualTo(StandardCharsets.UTF_8);
    encoding.parameterChanged("server_encoding", "SQL_ASCII");
    assertThat(encoding.readable()).isFalse();
  }

  /** Postgres has tables of its own between two encodings of which none is UTF-8. */
  @Test
  void betweenTwoOthersTextsAreNotRead() {
    encoding.parameterChanged("server_encoding", "KOI8R");
    encoding.parameterChanged("client_encoding", "WIN1251");
    assertThat(encoding.readable()).isFalse();
    encoding.parameterChanged("client_encoding", "KOI8R");
    assertThat(encoding.readable()).isTrue();
    encoding.parameterChanged("client_encoding", "UTF8");
    assertThat(encoding.readable()).isTrue();
    encoding.parameterChanged("server_encoding", "UTF8");
    encoding.parameterChanged("client_encoding", "WIN1251");
    assertThat(encoding.readable()).isTrue();
  }
}
