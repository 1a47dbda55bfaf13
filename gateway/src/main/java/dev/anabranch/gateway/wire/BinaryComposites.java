package dev.anabranch.gateway.wire;

import dev.anabranch.base.TypeOid;
import dev.anabranch.gateway.wire.RowDecoder.CellReader;
import io.netty.buffer.ByteBuf;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Binary ranges, multiranges and anonymous records as Postgres writes them: {@code [1,3)}, {@code
 * {[1,3),[5,)}}, {@code (1,,"a b")}.
 */
record BinaryComposites(CellReader text, SpellingSettings form) {

  private static final int EMPTY = 0x01;
  private static final int LOWER_INCLUSIVE = 0x02;
  private static final int UPPER_INCLUSIVE = 0x04;
  private static final int LOWER_INFINITE = 0x08;
  private static final int UPPER_INFINITE = 0x10;
  private static final int ALL_FLAGS = 0x1f;

  private static final Map<Integer, Integer> ELEMENTS =
      Map.of(
          TypeOid.INT4RANGE,
          TypeOid.INT4,
          TypeOid.NUMRANGE,
          TypeOid.NUMERIC,
          TypeOid.TSRANGE,
          TypeOid.TIMESTAMP,
          TypeOid.TSTZRANGE,
          TypeOid.TIMESTAMPTZ,
          TypeOid.DATERANGE,
          TypeOid.DATE,
          TypeOid.INT8RANGE,
          TypeOid.INT8);

  private static final Map<Integer, Integer> RANGES =
      Map.of(
          TypeOid.INT4MULTIRANGE,
          TypeOid.INT4RANGE,
          TypeOid.NUMMULTIRANGE,
          TypeOid.NUMRANGE,
          TypeOid.TSMULTIRANGE,
          TypeOid.TSRANGE,
          TypeOid.TSTZMULTIRANGE,
          TypeOid.TSTZRANGE,
          TypeOid.DATEMULTIRANGE,
          TypeOid.DATERANGE,
          TypeOid.INT8MULTIRANGE,
          TypeOid.INT8RANGE);

  /** The type of a range type's bounds, 0 when it is no range type that is known. */
  static long rangedOver(long typeOid) {
    return ELEMENTS.getOrDefault((int) typeOid, 0);
  }

  /** The range type that a multirange type holds, 0 when it is none that is known. */
  static long manyOf(long typeOid) {
    return RANGES.getOrDefault((int) typeOid, 0);
  }

  /** flags, then each bound that is there with its length. */
  @Nullable String range(ByteBuf in, long elementType) {
    int flags = in.readUnsignedByte();
    if ((flags & ~ALL_FLAGS) != 0) {
      return null;
    }
    if ((flags & EMPTY) != 0) {
      return in.isReadable() ? null : "empty";
    }
    CellReader element = BinaryCells.reader(elementType, text, form);
    StringBuilder out = new StringBuilder();
    out.append((flags & LOWER_INCLUSIVE) != 0 ? '[' : '(');
    boolean read = (flags & LOWER_INFINITE) != 0 || part(in, element, "[]", out);
    out.append(',');
    read = read && ((flags & UPPER_INFINITE) != 0 || part(in, element, "[]", out));
    out.append((flags & UPPER_INCLUSIVE) != 0 ? ']' : ')');
    return read && !in.isReadable() ? out.toString() : null;
  }

  /** How many, then each range with its length. */
  @Nullable String ranges(ByteBuf in, long rangeType) {
    int count = in.readInt();
    StringBuilder out = new StringBuilder("{");
    for (int i = 0; i < count; i++) {
      String range = range(in.readSlice(in.readInt()), rangedOver(rangeType));
      if (range == null) {
        return null;
      }
      out.append(i == 0 ? "" : ",").append(range);
    }
    return in.isReadable() ? null : out.append('}').toString();
  }

  /** How many, then each field's type, length and value. */
  @Nullable String record(ByteBuf in) {
    int count = in.readInt();
    StringBuilder out = new StringBuilder("(");
    for (int i = 0; i < count; i++) {
      out.append(i == 0 ? "" : ",");
      CellReader field = BinaryCells.reader(in.readUnsignedInt(), text, form);
      if (in.getInt(in.readerIndex()) < 0) {
        in.skipBytes(Integer.BYTES);
      } else if (!part(in, field, "", out)) {
        return null;
      }
    }
    return in.isReadable() ? null : out.append(')').toString();
  }

  /** Appends a value, quoted if need be; returns false when it can't be read. */
  private static boolean part(ByteBuf in, CellReader reader, String brackets, StringBuilder out) {
    String value = reader.read(in.readSlice(in.readInt()));
    if (value == null) {
      return false;
    }
    boolean quoted =
        value.isEmpty()
            || value
                .chars()
                .anyMatch(
                    c -> ("\"\\(),".indexOf(c) >= 0) || brackets.indexOf(c) >= 0 || isSpace(c));
    out.append(quoted ? '"' + value.replace("\\", "\\\\").replace("\"", "\"\"") + '"' : value);
    return true;
  }

  private static boolean isSpace(int c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }
}
