package dev.anabranch.gateway.relay;

import dev.anabranch.gateway.wire.BackendDecoder;
import dev.anabranch.gateway.wire.FrontendDecoder;
import dev.anabranch.gateway.wire.Texts;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * How a session's bytes are to be read as text; follows what the branch reports of its parameters.
 */
final class TextEncoding {

  private static final String UTF8 = "UTF8";

  /** As a client's encoding: what it says is taken for text of the database as it is. */
  private static final String SQL_ASCII = "SQL_ASCII";

  private final FrontendDecoder fromClient;
  private final BackendDecoder fromBranch;
  private Charset charset = StandardCharsets.UTF_8;
  private boolean readable = true;
  private boolean standardStrings = true;
  private String server = UTF8;
  private String client = UTF8;

  TextEncoding(FrontendDecoder fromClient, BackendDecoder fromBranch) {
    this.fromClient = fromClient;
    this.fromBranch = fromBranch;
  }

  void parameterChanged(String name, String value) {
    switch (name) {
      case "client_encoding" -> {
        client = value;
        encodingChanged();
      }
      case "server_encoding" -> {
        server = value;
        encodingChanged();
      }
      case "standard_conforming_strings" -> standardStrings = value.equals("on");
      default -> {}
    }
  }

  private void encodingChanged() {
    Optional<Charset> known = spoken().flatMap(Texts::charset);
    readable = known.isPresent();
    // One byte, one character: nothing is lost while only lengths and names matter.
    charset = known.orElse(StandardCharsets.ISO_8859_1);
    fromClient.charset(charset);
    fromBranch.charset(charset);
  }

  /**
   * The encoding that texts come in. Postgres's tables are known from and to UTF-8; between two
   * others it has tables of their own.
   */
  private Optional<String> spoken() {
    if (client.equals(SQL_ASCII)) {
      return Optional.of(server);
    }
    boolean known = client.equals(UTF8) || server.equals(UTF8) || client.equals(server);
    return known ? Optional.of(client) : Optional.empty();
  }

  Charset charset() {
    return charset;
  }

  /** Whether texts can be told for sure. */
  boolean readable() {
    return readable;
  }

  boolean standardStrings() {
    return standardStrings;
  }
}
