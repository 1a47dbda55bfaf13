package dev.anabranch.mainfeed.store;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows and keys as bytes: a count, then for each cell a variable-length number (0 for NULL, 1 for
 * not sent, 2 + n for a text of n bytes) and the text in UTF-8.
 */
final class CellCodec {

  /** Longer keys are indexed by digest: a btree entry must stay below a third of a page. */
  private static final int LONGEST_INDEXED_KEY = 1500;

  private static final byte DIRECT = 0;
  private static final byte DIGESTED = 1;

  private CellCodec() {}

  static byte[] encode(Image image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(16 * image.cells().size());
    putNumber(out, image.cells().size());
    for (Cell cell : image.cells()) {
      switch (cell) {
        case Cell.Absent.NULL -> putNumber(out, 0);
        case Cell.Absent.UNCHANGED -> putNumber(out, 1);
        case Cell.Text(String value) -> putText(out, value);
      }
    }
    return out.toByteArray();
  }

  static Image image(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int count = number(in);
    List<Cell> cells = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int tag = number(in);
      cells.add(
          switch (tag) {
            case 0 -> Cell.Absent.NULL;
            case 1 -> Cell.Absent.UNCHANGED;
            default -> new Cell.Text(text(in, tag - 2));
          });
    }
    return new Image(cells);
  }

  static byte[] encode(Key key) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(32);
    out.write(DIRECT);
    putNumber(out, key.values().size());
    key.values().forEach(value -> putText(out, value));
    return out.toByteArray();
  }

  static Key key(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
    int count = number(in);
    List<String> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(text(in, number(in) - 2));
    }
    return new Key(values);
  }

  /** What stands for an encoded key in the index: itself, or a digest when it is too long. */
  static byte[] indexed(byte[] encodedKey) {
    if (encodedKey.length <= LONGEST_INDEXED_KEY) {
      return encodedKey;
    }
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(encodedKey);
      byte[] indexed = new byte[digest.length + 1];
      indexed[0] = DIGESTED;
      System.arraycopy(digest, 0, indexed, 1, digest.length);
      return indexed;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void putText(ByteArrayOutputStream out, String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    putNumber(out, utf8.length + 2);
    out.writeBytes(utf8);
  }

  private static void putNumber(ByteArrayOutputStream out, int number) {
    int rest = number;
    while ((rest & ~0x7F) != 0) {
      out.write((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }

  private static int number(ByteBuffer in) {
    int number = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      number |= (next & 0x7F) << shift;
      if (next >= 0) {
        return number;
      }
    }
  }

  private static String text(ByteBuffer in, int length) {
    byte[] utf8 = new byte[length];
    in.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
