package dev.anabranch.mainfeed.store;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Rows in the format of {@code COPY ... (FORMAT binary)}.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4">the
 *     format</a>
 */
final class CopyBuffer {

  private static final byte[] SIGNATURE = "PGCOPY\n".getBytes(StandardCharsets.ISO_8859_1);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);

  CopyBuffer() {
    out.writeBytes(SIGNATURE);
    out.write(0xFF);
    out.write('\r');
    out.write('\n');
    out.write(0);
    putInt(0);
    putInt(0);
  }

  void row(int columns) {
    out.write(columns >>> 8);
    out.write(columns);
  }

  void number(int value) {
    putInt(Integer.BYTES);
    putInt(value);
  }

  void number(long value) {
    putInt(Long.BYTES);
    putInt((int) (value >>> 32));
    putInt((int) value);
  }

  void bytes(byte @Nullable [] value) {
    if (value == null) {
      putInt(-1);
    } else {
      putInt(value.length);
      out.writeBytes(value);
    }
  }

  int size() {
    return out.size();
  }

  /** Ends it and takes the whole. */
  byte[] finish() {
    row(-1);
    return out.toByteArray();
  }

  private void putInt(int value) {
    out.write(value >>> 24);
    out.write(value >>> 16);
    out.write(value >>> 8);
    out.write(value);
  }
}
