package dev.anabranch.gateway.wire;

import dev.anabranch.gateway.wire.BackendMessage.DataRow;
import dev.anabranch.gateway.wire.BackendMessage.FieldDescription;
import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the rows of one result as Postgres's text, whatever form they were sent in. */
public final class RowDecoder {

  private static final int BINARY = 1;
  private static final int LONGEST_ASCII = 4096;

  /** The highest bit of each of eight bytes. */
  private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final List<CellReader> cells;
  private final CellReader text;
  private final boolean asciiIsItself;

  /** The newest cell that was ASCII. */
  private byte[] ascii = {};

  /**
   * Reads the bytes of one value that is not NULL; gives null when it can't be told what text they
   * stand for.
   */
  @FunctionalInterface
  interface CellReader {
    @Nullable String read(ByteBuf bytes);
  }

  /**
   * @param fields the result's columns, with their formats
   * @param charset the client encoding
   * @param form the session's settings that decide how a binary value would have been spelled
   */
  public RowDecoder(List<FieldDescription> fields, Charset charset, SpellingSettings form) {
    this.text = in -> Texts.told(in, charset);
    this.asciiIsItself = Texts.asciiIsItself(charset);
    cells = new ArrayList<>(fields.size());
    for (FieldDescription field : fields) {
      cells.add(field.format() == BINARY ? BinaryCells.reader(field.typeOid(), text, form) : text);
    }
  }

  private static CellReader said(Charset charset) {
    return in -> {
      String decoded = Texts.decode(in, in.readerIndex(), in.readableBytes(), charset);
      return Texts.isFaithful(decoded) ? decoded : null;
    };
  }

  /** Takes a row's cells, one after the other. */
  public interface Cells {

    /** NULL. */
    void nothing(int column);

    /**
     * A text that is ASCII.
     *
     * @param bytes of which the first {@code length} count, during the call
     */
    void ascii(int column, byte[] bytes, int length);

    /** Any other text. */
    void text(int column, String text);
  }

  /** Hands over the row's cells; false when one can't be read, after those before it. */
  public boolean read(DataRow row, Cells sink) {
    if (!row.whole()) {
      return false;
    }
    ByteBuf in = row.cells();
    int count = in.readUnsignedShort();
    if (count != cells.size()) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      int length = in.readInt();
      if (length < 0) {
        sink.nothing(i);
      } else if (!cell(i, in, length, sink)) {
        return false;
      }
    }
    return true;
  }

  /** The row's texts, null for NULL; empty when a value can't be read. */
  public Optional<List<@Nullable String>> read(DataRow row) {
    List<@Nullable String> texts = new ArrayList<>(cells.size());
    boolean read =
        read(
            row,
            new Cells() {
              @Override
              public void nothing(int column) {
                texts.add(null);
              }

              @Override
              public void ascii(int column, byte[] bytes, int length) {
                texts.add(new String(bytes, 0, length, StandardCharsets.US_ASCII));
              }

              @Override
              public void text(int column, String value) {
                texts.add(value);
              }
            });
    return read ? Optional.of(texts) : Optional.empty();
  }

  private boolean cell(int column, ByteBuf in, int length, Cells sink) {
    CellReader reader = cells.get(column);
    if (asciiIsItself && reader.equals(text) && isAscii(in, length)) {
      in.skipBytes(length);
      sink.ascii(column, ascii, length);
      return true;
    }
    String value = read(reader, in.readSlice(length));
    if (value == null) {
      return false;
    }
    sink.text(column, value);
    return true;
  }

  /** Whether the next bytes are ASCII, which nearly all encodings share; then they are at hand. */
  private boolean isAscii(ByteBuf in, int length) {
    if (length > LONGEST_ASCII) {
      return false;
    }
    if (ascii.length < length) {
      ascii = new byte[Math.min(LONGEST_ASCII, 2 * length)];
    }
    in.getBytes(in.readerIndex(), ascii, 0, length);
    long all = 0;
    int at = 0;
    for (; at <= length - Long.BYTES; at += Long.BYTES) {
      all |= (long) EIGHT_BYTES.get(ascii, at);
    }
    for (; at < length; at++) {
      all |= ascii[at];
    }
    return (all & NOT_ASCII) == 0;
  }

  /** One bound parameter as text, or empty when it came in a binary form that can't be told. */
  public static Optional<String> parameter(
      ByteBuf value, int format, long typeOid, Charset charset, SpellingSettings form) {
    CellReader text = said(charset);
    CellReader reader = format == BINARY ? BinaryCells.reader(typeOid, text, form) : text;
    return Optional.ofNullable(read(reader, value.duplicate()));
  }

  /**
   * A client may send bytes as a parameter that are no value of its type; Postgres refuses them.
   */
  private static @Nullable String read(CellReader reader, ByteBuf bytes) {
    try {
      return reader.read(bytes);
    } catch (IndexOutOfBoundsException
        | IllegalArgumentException
        | ArithmeticException
        | DateTimeException e) {
      return null;
    }
  }
}
