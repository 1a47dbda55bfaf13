package dev.anabranch.gateway.wire;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.gateway.wire.BackendMessage.TransactionStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** Messages that the gateway itself sends to a client; all else is passed on byte for byte. */
public final class ToClient {

  private ToClient() {}

  /** The answer to a request for TLS: yes, begin. */
  public static ByteBuf encryption(ByteBufAllocator allocator) {
    return allocator.buffer(1).writeByte('S');
  }

  /** The answer to a request for encryption: no, go on without. */
  public static ByteBuf noEncryption(ByteBufAllocator allocator) {
    return allocator.buffer(1).writeByte('N');
  }

  /**
   * The protocol's version that will be spoken, and the client's protocol options, none of which is
   * known.
   */
  public static ByteBuf negotiateProtocolVersion(
      ByteBufAllocator allocator, int minorVersion, List<String> unknownOptions) {
    return message(
        allocator,
        'v',
        out -> {
          out.writeInt(StartupPacket.PROTOCOL | minorVersion);
          out.writeInt(unknownOptions.size());
          unknownOptions.forEach(option -> Texts.writeCString(out, option));
        });
  }

  public static ByteBuf authenticationSasl(ByteBufAllocator allocator, List<String> mechanisms) {
    return message(
        allocator,
        'R',
        out -> {
          out.writeInt(10);
          mechanisms.forEach(mechanism -> Texts.writeCString(out, mechanism));
          out.writeByte(0);
        });
  }

  public static ByteBuf authenticationSaslContinue(ByteBufAllocator allocator, String data) {
    return message(
        allocator, 'R', out -> out.writeInt(11).writeCharSequence(data, StandardCharsets.UTF_8));
  }

  public static ByteBuf authenticationSaslFinal(ByteBufAllocator allocator, String data) {
    return message(
        allocator, 'R', out -> out.writeInt(12).writeCharSequence(data, StandardCharsets.UTF_8));
  }

  public static ByteBuf authenticationOk(ByteBufAllocator allocator) {
    return message(allocator, 'R', out -> out.writeInt(0));
  }

  public static ByteBuf parameterStatus(ByteBufAllocator allocator, String name, String value) {
    return message(
        allocator,
        'S',
        out -> {
          Texts.writeCString(out, name);
          Texts.writeCString(out, value);
        });
  }

  /** The same again, for when the bytes around it were not for the client. */
  public static ByteBuf asynchronous(
      ByteBufAllocator allocator, BackendMessage.Asynchronous message) {
    return message(allocator, (char) message.type(), out -> out.writeBytes(message.payload()));
  }

  public static ByteBuf backendKey(ByteBufAllocator allocator, int processId, ByteBuffer secret) {
    return message(allocator, 'K', out -> out.writeInt(processId).writeBytes(secret.duplicate()));
  }

  public static ByteBuf readyForQuery(ByteBufAllocator allocator, TransactionStatus status) {
    byte letter =
        switch (status) {
          case IDLE -> 'I';
          case IN_TRANSACTION -> 'T';
          case FAILED -> 'E';
        };
    return message(allocator, 'Z', out -> out.writeByte(letter));
  }

  /** A failure that ends the connection. */
  public static ByteBuf fatal(ByteBufAllocator allocator, AnabranchException failure) {
    return fatal(allocator, failure.code().sqlState(), String.valueOf(failure.getMessage()));
  }

  public static ByteBuf fatal(ByteBufAllocator allocator, String sqlState, String sentence) {
    return message(
        allocator,
        'E',
        out -> {
          Texts.writeCString(out, "SFATAL");
          Texts.writeCString(out, "VFATAL");
          Texts.writeCString(out, "C" + sqlState);
          Texts.writeCString(out, "M" + sentence);
          out.writeByte(0);
        });
  }

  private static ByteBuf message(ByteBufAllocator allocator, char type, Consumer<ByteBuf> payload) {
    return Frames.message(allocator.buffer(64), type, payload);
  }
}
