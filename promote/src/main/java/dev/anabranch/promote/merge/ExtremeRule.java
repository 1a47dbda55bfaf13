package dev.anabranch.promote.merge;

import dev.anabranch.base.TypeOid;
import dev.anabranch.predicate.match.Value;
import dev.anabranch.predicate.match.ValueReader;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/**
 * The greater, or the lesser, of what the two sides have, in Postgres's order of the type. Of equal
 * values that are written differently (1.0 and 1.00) one and the same is taken from either side.
 *
 * @param type the type's OID
 * @param greatest whether the greater one counts
 */
record ExtremeRule(long type, boolean greatest) implements MergeRule {

  private static final Set<Integer> EXACT =
      Set.of(
          TypeOid.INT2,
          TypeOid.INT4,
          TypeOid.INT8,
          TypeOid.NUMERIC,
          TypeOid.DATE,
          TypeOid.TIMESTAMP,
          TypeOid.TIMESTAMPTZ);

  private static final String NAN = "NaN";

  private static final Comparator<Value> ORDER = ExtremeRule::compare;

  static Optional<MergeRule> of(long type, boolean greatest) {
    return EXACT.contains((int) type)
        ? Optional.of(new ExtremeRule(type, greatest))
        : Optional.empty();
  }

  @Override
  public String word() {
    return greatest ? "max" : "min";
  }

  @Override
  public Merged combine(String base, String branch, String main) {
    if (NAN.equals(base) || NAN.equals(branch) || NAN.equals(main)) {
      return new Merged.Apart("nothing is more or less than NaN");
    }
    Value ours = ValueReader.read(type, branch);
    Value theirs = ValueReader.read(type, main);
    if (ours == Value.Special.UNKNOWN || theirs == Value.Special.UNKNOWN) {
      return new Merged.Apart("it can't be told which of " + branch + " and " + main + " is more");
    }
    int order = ORDER.compare(ours, theirs);
    int decided = order == 0 ? branch.compareTo(main) : order;
    return new Merged.Together((decided > 0) == greatest ? branch : main);
  }

  private static int compare(Value one, Value other) {
    if (one instanceof Value.Whole(long a) && other instanceof Value.Whole(long b)) {
      return Long.compare(a, b);
    }
    if (one instanceof Value.Decimal a && other instanceof Value.Decimal b) {
      int byRank = a.rank().compareTo(b.rank());
      return byRank != 0 ? byRank : a.value().compareTo(b.value());
    }
    throw new IllegalArgumentException("values of two types: " + one + " and " + other);
  }
}
