package dev.anabranch.promote.merge;

import dev.anabranch.base.TypeOid;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The sum of what each side added: main's value and the branch's difference. Exact, or not at all:
 * NaN, infinity and what is beyond the type combine with nothing.
 *
 * @param least the least value of the type
 * @param greatest the greatest
 */
record CounterRule(Optional<BigDecimal> least, Optional<BigDecimal> greatest) implements MergeRule {

  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,1000}(\\.[0-9]{1,1000})?");
  private static final int MODIFIER_HEADER = 4;
  private static final int PRECISION_SHIFT = 16;
  private static final int PRECISION_MASK = 0xFFFF;
  private static final int SCALE_MASK = 0x7FF;
  private static final int SCALE_SIGN = 0x400;

  static Optional<MergeRule> of(long type, int modifier) {
    return switch ((int) type) {
      case TypeOid.INT2 -> Optional.of(between(Short.MIN_VALUE, Short.MAX_VALUE));
      case TypeOid.INT4 -> Optional.of(between(Integer.MIN_VALUE, Integer.MAX_VALUE));
      case TypeOid.INT8 -> Optional.of(between(Long.MIN_VALUE, Long.MAX_VALUE));
      case TypeOid.NUMERIC -> Optional.of(numeric(modifier));
      default -> Optional.empty();
    };
  }

  private static CounterRule between(long least, long greatest) {
    return new CounterRule(
        Optional.of(BigDecimal.valueOf(least)), Optional.of(BigDecimal.valueOf(greatest)));
  }

  private static CounterRule numeric(int modifier) {
    if (modifier < MODIFIER_HEADER) {
      return new CounterRule(Optional.empty(), Optional.empty());
    }
    int packed = modifier - MODIFIER_HEADER;
    int precision = (packed >> PRECISION_SHIFT) & PRECISION_MASK;
    int scale = ((packed & SCALE_MASK) ^ SCALE_SIGN) - SCALE_SIGN;
    BigDecimal greatest =
        BigDecimal.TEN.pow(precision).subtract(BigDecimal.ONE).scaleByPowerOfTen(-scale);
    return new CounterRule(Optional.of(greatest.negate()), Optional.of(greatest));
  }

  @Override
  public String word() {
    return "counter";
  }

  @Override
  public boolean needsOperations() {
    return true;
  }

  @Override
  public Merged combine(String base, String branch, String main) {
    for (String side : new String[] {base, branch, main}) {
      if (!NUMBER.matcher(side).matches()) {
        return new Merged.Apart("there are no sums with " + side);
      }
    }
    BigDecimal sum =
        new BigDecimal(main).add(new BigDecimal(branch)).subtract(new BigDecimal(base));
    boolean fits =
        least.filter(end -> sum.compareTo(end) < 0).isEmpty()
            && greatest.filter(end -> sum.compareTo(end) > 0).isEmpty();
    return fits
        ? new Merged.Together(sum.toPlainString())
        : new Merged.Apart("the sum " + sum.toPlainString() + " is out of the type's range");
  }
}
