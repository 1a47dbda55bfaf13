package dev.anabranch.gateway.wire;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Zero-ended strings and the client encodings in which they are written. */
public final class Texts {

  /** What bytes that mean nothing decode to; a text may also hold it in its own right. */
  private static final char REPLACEMENT = '\uFFFD';

  /** Half a character, which no decoder gives: marks a text whose bytes mean nothing. */
  private static final char MEANINGLESS = '\uDC00';

  private static final Map<String, Charset> ENCODINGS =
      Map.of(
          "UTF8", StandardCharsets.UTF_8,
          "UNICODE", StandardCharsets.UTF_8,
          "SQL_ASCII", StandardCharsets.UTF_8,
          "LATIN1", StandardCharsets.ISO_8859_1,
          "WIN1252", Charset.forName("windows-1252"));

  private Texts() {}

  /** The Java name of a client encoding, if it is one whose texts the gateway can read. */
  public static Optional<Charset> charset(String clientEncoding) {
    return Optional.ofNullable(ENCODINGS.get(clientEncoding.toUpperCase(Locale.ROOT)));
  }

  /** The text that the bytes stand for; when they stand for none, one that is not faithful. */
  static String decode(ByteBuf in, int index, int length, Charset charset) {
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
