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

  private final FrontendDecoder fromClient;
  private final BackendDecoder fromBranch;
  private Charset charset = StandardCharsets.UTF_8;
  private boolean readable = true;
  private boolean standardStrings = true;

  TextEncoding(FrontendDecoder fromClient, BackendDecoder fromBranch) {
    this.fromClient = fromClient;
    this.fromBranch = fromBranch;
  }

  void parameterChanged(String name, String value) {
    switch (name) {
      case "client_encoding" -> {
        Optional<Charset> known = Texts.charset(value);
        readable = known.isPresent();
        // One byte, one character: nothing is lost while only lengths and names matter.
        charset = known.orElse(StandardCharsets.ISO_8859_1);
        fromClient.charset(charset);
        fromBranch.charset(charset);
      }
      case "standard_conforming_strings" -> standardStrings = value.equals("on");
      default -> {}
    }
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
