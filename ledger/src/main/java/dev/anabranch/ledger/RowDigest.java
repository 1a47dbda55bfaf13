package dev.anabranch.ledger;

import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.anabranch.base.TypeOid;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Fingerprints of a result's rows: one that sees their order, one that does not. The gateway takes
 * them when an answer is given and a check takes them again when it asks again, so both must come
 * from here.
 *
 * <p>Cells are Postgres's text. Numerics count as values (1.10 is 1.1), a floating-point -0 is 0,
 * all other texts count as they are: two spellings of one value may differ here, two values never
 * share a spelling.
 *
 * @param rowCount how many rows
 * @param ordered over the rows in their order
 * @param bag over the rows in any order, duplicates counted
 */
public record RowDigest(long rowCount, long ordered, long bag) {

  private static final long FLOAT4 = TypeOid.FLOAT4;
  private static final long FLOAT8 = TypeOid.FLOAT8;
  private static final long NUMERIC = TypeOid.NUMERIC;

  public static Builder builder() {
    return new Builder();
  }

  /** Takes rows one by one; for one thread. */
  public static final class Builder {

    private static final Hasher64 HASHER = Hashing.komihash5_0();

    private static final int CHARS_AT_ONCE = 512;
    private static final byte[] NOTHING_WIDE = {};

    private final HashStream64 row = HASHER.hashStream();

    /** Begun with the second row: most results have one, and a stream is large. */
    private Optional<HashStream64> sequence = Optional.empty();

    /** Room for ASCII as chars: every second byte stays 0. */
    private byte[] wide = NOTHING_WIDE;

    private long firstHash;
    private long sum;
    private long rowCount;

    private Builder() {}

    /**
     * Adds a row.
     *
     * @param columns their types decide how a text is read
     * @param texts one for each column, null for NULL
     */
    public Builder add(List<ResultColumn> columns, List<@Nullable String> texts) {
      if (columns.size() != texts.size()) {
        throw new IllegalArgumentException(
            "a row of " + texts.size() + " values in a result of " + columns.size() + " columns");
      }
      beginRow();
      for (int i = 0; i < texts.size(); i++) {
        String text = texts.get(i);
        if (text == null) {
          nothing();
        } else {
          text(columns.get(i).typeOid(), text);
        }
      }
      endRow();
      return this;
    }

    /** Begins a row whose cells are given one after the other. */
    public void beginRow() {
      row.reset();
    }

    /** A cell that is NULL. */
    public void nothing() {
      row.putBoolean(false);
    }

    /** A cell by its text. */
    public void text(long typeOid, String text) {
      row.putBoolean(true).putString(canonical(typeOid, text));
    }

    /**
     * A cell whose text is ASCII, by its bytes; the fingerprint is that of the text.
     *
     * @param bytes of which the first {@code length} count
     */
    public void ascii(long typeOid, byte[] bytes, int length) {
      if (!isCanonical(typeOid)) {
        text(typeOid, new String(bytes, 0, length, StandardCharsets.US_ASCII));
        return;
      }
      row.putBoolean(true);
      for (int from = 0; from < length; from += CHARS_AT_ONCE) {
        putChars(bytes, from, Math.min(CHARS_AT_ONCE, length - from));
      }
      // As a string ends.
      row.putInt(length);
    }

    /** As chars, the low byte first. */
    private void putChars(byte[] bytes, int from, int count) {
      if (wide.length < 2 * count) {
        wide = new byte[2 * Math.min(CHARS_AT_ONCE, 2 * count)];
      }
      for (int i = 0; i < count; i++) {
        wide[2 * i] = bytes[from + i];
      }
      row.putBytes(wide, 0, 2 * count);
    }

    /** Ends the row, which counts from here on. */
    public void endRow() {
      long hash = row.getAsLong();
      follow(hash);
      // A plain sum, so that a row given twice counts twice; the hashes are well mixed.
      sum += hash;
      rowCount++;
    }

    private void follow(long hash) {
      if (rowCount == 0) {
        firstHash = hash;
      } else if (rowCount == 1) {
        sequence = Optional.of(HASHER.hashStream().putLong(firstHash).putLong(hash));
      } else {
        sequence.orElseThrow().putLong(hash);
      }
    }

    private long sequenceHash() {
      if (sequence.isPresent()) {
        return sequence.get().getAsLong();
      }
      row.reset();
      return rowCount == 0 ? row.getAsLong() : row.putLong(firstHash).getAsLong();
    }

    public RowDigest build() {
      long inOrder = sequenceHash();
      long ordered = row.reset().putLong(rowCount).putLong(inOrder).getAsLong();
      long bag = row.reset().putLong(rowCount).putLong(sum).getAsLong();
      return new RowDigest(rowCount, ordered, bag);
    }
  }

  /** Whether a value of the type has one spelling, so that its text counts as it is. */
  private static boolean isCanonical(long typeOid) {
    return typeOid != NUMERIC && typeOid != FLOAT4 && typeOid != FLOAT8;
  }

  /**
   * One spelling for a value's texts, as far as this is known for its type.
   *
   * @param typeOid the value's type
   * @param text Postgres's text output
   */
  public static String canonical(long typeOid, String text) {
    if (typeOid == NUMERIC) {
      return withoutTrailingZeros(text);
    }
    if ((typeOid == FLOAT4 || typeOid == FLOAT8) && text.equals("-0")) {
      return "0";
    }
    return text;
  }

  /** 1.10 becomes 1.1 and 2.00 becomes 2; NaN, Infinity and whole numbers stay. */
  private static String withoutTrailingZeros(String numeric) {
    if (numeric.indexOf('.') < 0) {
      return numeric;
    }
    int end = numeric.length();
    while (numeric.charAt(end - 1) == '0') {
      end--;
    }
    if (numeric.charAt(end - 1) == '.') {
      end--;
    }
    return numeric.substring(0, end);
  }
}
