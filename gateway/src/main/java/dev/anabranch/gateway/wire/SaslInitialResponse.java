package dev.anabranch.gateway.wire;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * The client's choice of a login mechanism, with its first message.
 *
 * @param mechanism such as SCRAM-SHA-256
 * @param data the mechanism's first message
 */
public record SaslInitialResponse(String mechanism, String data) {

  /**
   * Reads it from a password message's payload.
   *
   * @throws AnabranchException WIRE_VIOLATION when it is something else
   */
  public static SaslInitialResponse of(FrontendMessage.Credentials credentials) {
    ByteBuf in = credentials.data().duplicate();
    try {
      String mechanism = Texts.readCString(in, StandardCharsets.UTF_8);
      int length = in.readInt();
      return new SaslInitialResponse(
          mechanism, in.readCharSequence(Math.max(0, length), StandardCharsets.UTF_8).toString());
    } catch (IndexOutOfBoundsException e) {
      throw new AnabranchException(
          ErrorCode.WIRE_VIOLATION, e, "a first login message that ends too early");
    }
  }
}
