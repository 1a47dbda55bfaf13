package dev.anabranch.gateway.wire;

import dev.anabranch.gateway.wire.RowDecoder.CellReader;
import io.netty.buffer.ByteBuf;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Binary arrays as Postgres's {@code array_out} writes them: {@code {1,NULL,"a b"}}, {@code
 * [2:3]={1,2}}.
 */
record BinaryArrays(CellReader text, SpellingSettings form) {

  /** Postgres's own limit (MAXDIM). */
  private static final int MOST_DIMENSIONS = 6;

  private static final String WANTS_QUOTES = "{}\",\\";

  /** The built-in array types whose elements are read. */
  static final Set<Long> ARRAYS =
      Set.of(
          199L, 651L, 1000L, 1001L, 1002L, 1003L, 1005L, 1007L, 1009L, 1010L, 1014L, 1015L, 1016L,
          1017L, 1021L, 1022L, 1028L, 1040L, 1041L, 1115L, 1182L, 1183L, 1185L, 1187L, 1231L, 1270L,
          1561L, 1563L, 2951L, 3807L, 3905L, 3907L, 3909L, 3911L, 3913L, 3927L);

  /** int2vector and oidvector: an array of one dimension, written as words. */
  @Nullable String vector(ByteBuf in) {
    int dimensions = in.readInt();
    in.skipBytes(Integer.BYTES);
    CellReader element = BinaryCells.reader(in.readUnsignedInt(), text, form);
    if (dimensions == 0) {
      return "";
    }
    int length = in.readInt();
    in.skipBytes(Integer.BYTES);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < length; i++) {
      out.append(i == 0 ? "" : " ").append(element.read(in.readSlice(in.readInt())));
    }
    return dimensions == 1 ? out.toString() : null;
  }

  @Nullable String read(ByteBuf in) {
    int dimensions = in.readInt();
    in.skipBytes(Integer.BYTES);
    CellReader element = BinaryCells.reader(in.readUnsignedInt(), text, form);
    if (dimensions == 0) {
      return "{}";
    }
    if (dimensions < 0 || dimensions > MOST_DIMENSIONS) {
      return null;
    }
    int[] lengths = new int[dimensions];
    StringBuilder out = new StringBuilder();
    boolean shifted = false;
    for (int i = 0; i < dimensions; i++) {
      lengths[i] = in.readInt();
      int lower = in.readInt();
      shifted |= lower != 1;
      out.append('[').append(lower).append(':').append(lower + lengths[i] - 1).append(']');
    }
    if (shifted) {
      out.append('=');
    } else {
      out.setLength(0);
    }
    return level(in, element, lengths, 0, out) ? out.toString() : null;
  }

  private static boolean level(
      ByteBuf in, CellReader element, int[] lengths, int depth, StringBuilder out) {
    out.append('{');
    for (int i = 0; i < lengths[depth]; i++) {
      if (i > 0) {
        out.append(',');
      }
      boolean read =
          depth + 1 < lengths.length
              ? level(in, element, lengths, depth + 1, out)
              : element(in, element, out);
      if (!read) {
        return false;
      }
    }
    out.append('}');
    return true;
  }

  private static boolean element(ByteBuf in, CellReader reader, StringBuilder out) {
    int length = in.readInt();
    if (length < 0) {
      out.append("NULL");
      return true;
    }
    String element = reader.read(in.readSlice(length));
    if (element == null) {
      return false;
    }
    if (!wantsQuotes(element)) {
      out.append(element);
      return true;
    }
    out.append('"').append(element.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
    return true;
  }

  private static boolean wantsQuotes(String element) {
    return element.isEmpty()
        || element.toUpperCase(Locale.ROOT).equals("NULL")
        || element.chars().anyMatch(c -> WANTS_QUOTES.indexOf(c) >= 0 || isSpace(c));
  }

  /** As Postgres's array_isspace. */
  private static boolean isSpace(int c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }
}
