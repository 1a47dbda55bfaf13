package dev.anabranch.gateway.wire;

import dev.anabranch.gateway.wire.BackendMessage.DataRow;
import dev.anabranch.gateway.wire.BackendMessage.FieldDescription;
import io.netty.buffer.ByteBuf;
import java.nio.charset.Charset;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the rows of one result as Postgres's text, whatever form they were sent in. */
public final class RowReader {

  private static final int BINARY = 1;

  private final List<CellReader> cells;
  private final CellReader text;
  private final Charset charset;

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
  public RowReader(List<FieldDescription> fields, Charset charset, SpellingSettings form) {
    this.charset = charset;
    this.text = text(charset);
    cells = new ArrayList<>(fields.size());
    for (FieldDescription field : fields) {
      cells.add(field.format() == BINARY ? BinaryCells.reader(field.typeOid(), text, form) : text);
    }
  }

  private static CellReader text(Charset charset) {
    return in -> text(in, in.readableBytes(), charset);
  }

  private static @Nullable String text(ByteBuf in, int length, Charset charset) {
    String decoded = Texts.decode(in, in.readerIndex(), length, charset);
    return Texts.isFaithful(decoded) ? decoded : null;
  }

  /** The row's texts, null for NULL; empty when a value can't be read. */
  public Optional<List<@Nullable String>> read(DataRow row) {
    if (!row.whole()) {
      return Optional.empty();
    }
    ByteBuf in = row.cells();
    int count = in.readUnsignedShort();
    if (count != cells.size()) {
      return Optional.empty();
    }
    List<@Nullable String> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int length = in.readInt();
      if (length < 0) {
        texts.add(null);
        continue;
      }
      String cell = cell(cells.get(i), in, length);
      if (cell == null) {
        return Optional.empty();
      }
      texts.add(cell);
    }
    return Optional.of(texts);
  }

  private @Nullable String cell(CellReader reader, ByteBuf in, int length) {
    if (!reader.equals(text)) {
      return read(reader, in.readSlice(length));
    }
    String cell = text(in, length, charset);
    in.skipBytes(length);
    return cell;
  }

  /** One bound parameter as text, or empty when it came in a binary form that can't be told. */
  public static Optional<String> parameter(
      ByteBuf value, int format, long typeOid, Charset charset, SpellingSettings form) {
    CellReader text = text(charset);
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
