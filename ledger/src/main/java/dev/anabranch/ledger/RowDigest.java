package dev.anabranch.ledger;

import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
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

  private static final long FLOAT4 = 700;
  private static final long FLOAT8 = 701;
  private static final long NUMERIC = 1700;

  public static Builder builder() {
    return new Builder();
  }

  /** Takes rows one by one; for one thread. */
  public static final class Builder {

    private static final Hasher64 HASHER = Hashing.komihash5_0();

    private final HashStream64 row = HASHER.hashStream();

    /** Begun with the second row: most results have one, and a stream is large. */
    private Optional<HashStream64> sequence = Optional.empty();

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
      row.reset();
      for (int i = 0; i < texts.size(); i++) {
        String text = texts.get(i);
        if (text == null) {
          row.putBoolean(false);
        } else {
          row.putBoolean(true).putString(canonical(columns.get(i).typeOid(), text));
        }
      }
      long hash = row.getAsLong();
      follow(hash);
      // A plain sum, so that a row given twice counts twice; the hashes are well mixed.
      sum += hash;
      rowCount++;
      return this;
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
