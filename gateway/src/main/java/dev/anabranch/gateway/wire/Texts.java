package dev.anabranch.gateway.wire;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Zero-ended strings and the client encodings in which they are written. */
public final class Texts {

  /** What bytes that mean nothing decode to; a text may also hold it in its own right. */
  private static final char REPLACEMENT = '\uFFFD';

  /** Half a character, which no decoder gives: marks a text whose bytes mean nothing. */
  private static final char MEANINGLESS = '\uDC00';

  private Texts() {}

  /** The Java name of a client encoding, if it is one whose texts the gateway can read. */
  public static Optional<Charset> charset(String clientEncoding) {
    return Encodings.charset(clientEncoding.toUpperCase(Locale.ROOT));
  }

  /**
   * The text that Postgres takes a client's bytes for; when they stand for none, one that is not
   * faithful.
   */
  static String decode(ByteBuf in, int index, int length, Charset charset) {
    Encodings.Differences differences = Encodings.differences(charset);
    if (!differences.inReading()) {
      return decodeAsJavaDoes(in, index, length, charset);
    }
    StringBuilder text = new StringBuilder();
    int end = index + length;
    int from = index;
    int bytes;
    for (int at = index; at < end; at += bytes) {
      bytes = differences.size(in, at, end);
      Optional<Character> other = differences.read(in, at, bytes);
      if (other.isPresent()) {
        text.append(decodeAsJavaDoes(in, from, at - from, charset)).append(other.get());
        from = at + bytes;
      }
    }
    return text.append(decodeAsJavaDoes(in, from, end - from, charset)).toString();
  }

  /** The text of bytes that Postgres wrote for a client; null when there may be two, or none. */
  static @Nullable String told(ByteBuf in, Charset charset) {
    int index = in.readerIndex();
    int length = in.readableBytes();
    if (Encodings.differences(charset).isAmbiguous(in, index, length)) {
      return null;
    }
    String decoded = decode(in, index, length, charset);
    return isFaithful(decoded) ? decoded : null;
  }

  /** Whether what is written in ASCII means just that. */
  static boolean asciiIsItself(Charset charset) {
    return !Encodings.differences(charset).isAmbiguousInAscii();
  }

  private static String decodeAsJavaDoes(ByteBuf in, int index, int length, Charset charset) {
    String decoded = in.toString(index, length, charset);
    if (decoded.indexOf(REPLACEMENT) < 0) {
      return decoded;
    }
    ByteBuf encoded = Unpooled.wrappedBuffer(decoded.getBytes(charset));
    return encoded.equals(in.slice(index, length))
        ? decoded
        : decoded.replace(REPLACEMENT, MEANINGLESS);
  }

  /** Whether a text of {@link #decode} stands for exactly the bytes it came from. */
  public static boolean isFaithful(String decoded) {
    return decoded.indexOf(MEANINGLESS) < 0
        || decoded.codePoints().noneMatch(point -> point == MEANINGLESS);
  }

  /** A text of {@link #decode} in whole characters. */
  public static String legible(String decoded) {
    return isFaithful(decoded) ? decoded : decoded.replace(MEANINGLESS, REPLACEMENT);
  }

  static String readCString(ByteBuf in, Charset charset) {
    int length = in.bytesBefore((byte) 0);
    if (length < 0) {
      throw new AnabranchException(ErrorCode.WIRE_VIOLATION, "a string without its end");
    }
    String text = decode(in, in.readerIndex(), length, charset);
    in.skipBytes(length + 1);
    return text;
  }

  /** Like {@link #readCString}, but a cut message may lack the end. */
  static String readCStringOrRest(ByteBuf in, Charset charset) {
    if (in.bytesBefore((byte) 0) >= 0) {
      return readCString(in, charset);
    }
    String text = decode(in, in.readerIndex(), in.readableBytes(), charset);
    in.skipBytes(in.readableBytes());
    return text;
  }

  static void writeCString(ByteBuf out, String text) {
    out.writeCharSequence(text, StandardCharsets.UTF_8);
    out.writeByte(0);
  }
}
