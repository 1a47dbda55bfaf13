package dev.anabranch.predicate.footprint;

import dev.anabranch.base.Column;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.TypeOid;
import dev.anabranch.predicate.footprint.Tree.Node;
import dev.anabranch.predicate.match.Value;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Whether a sum is what its parts come to, or was rounded. A column of {@code numeric(10,2)} rounds
 * each sum that is given to it, and then the difference to what was there is not what was added.
 */
final class Decimals {

  private static final int MODIFIER_HEADER = 4;
  private static final int SCALE_MASK = 0x7FF;
  private static final int SCALE_SIGN = 0x400;
  private static final int IMPLICIT = 2;

  /** numeric(numeric, int4): to a precision and a scale. */
  private static final long TO_SCALE = 1703;

  /** From int4, int8 and int2 to numeric. */
  private static final Set<Long> WHOLE_TO_NUMERIC = Set.of(1740L, 1781L, 1782L);

  /** Between int2, int4 and int8: what does not fit is an error. */
  private static final Set<Long> WHOLE_TO_WHOLE = Set.of(313L, 314L, 480L, 481L, 714L, 754L);

  private final Catalog catalog;
  private final TableShape shape;

  /**
   * @param shape the table that is written
   */
  Decimals(Catalog catalog, TableShape shape) {
    this.catalog = catalog;
    this.shape = shape;
  }

  /** Whether it is a cast between types of whole numbers. */
  static boolean isOfWholeNumbers(Node cast) {
    return WHOLE_TO_WHOLE.contains(cast.number("funcid"));
  }

  /** A value without Postgres's own rounding to the column's scale. */
  Tree unrounded(Tree value, int column) {
    return scale(modifier(column)).isPresent()
            && value instanceof Node cast
            && cast.is("FUNCEXPR")
            && cast.number("funcid") == TO_SCALE
            && cast.index("funcformat") == IMPLICIT
        ? cast.list("args").getFirst()
        : value;
  }

  /** Whether none of these has more decimals than the column keeps. */
  boolean areExact(List<Tree> added, int column) {
    OptionalInt kept = scale(modifier(column));
    return kept.isEmpty()
        || added.stream()
            .allMatch(one -> {
              OptionalInt decimals = decimals(one);
              return decimals.isPresent() && decimals.getAsInt() <= kept.getAsInt();
            });
  }

  /** How many decimals a value has at most; empty where nobody knows. */
  private OptionalInt decimals(Tree value) {
    if (!(value instanceof Node node)) {
      return OptionalInt.empty();
    }
    return switch (node.tag()) {
      case "CONST" ->
          node.number("consttype") == TypeOid.NUMERIC
                  && ConstReader.read(node, catalog) instanceof Value.Decimal number
              ? OptionalInt.of(Math.max(0, number.value().stripTrailingZeros().scale()))
              : OptionalInt.empty();
      case "VAR" ->
          node.number("vartype") == TypeOid.NUMERIC
              ? scale(node.index("vartypmod"))
              : OptionalInt.empty();
      case "FUNCEXPR" ->
          WHOLE_TO_NUMERIC.contains(node.number("funcid"))
              ? OptionalInt.of(0)
              : OptionalInt.empty();
      default -> OptionalInt.empty();
    };
  }

  private int modifier(int column) {
    int place = shape.indexOf(column);
    Column known = place < 0 ? null : shape.columns().get(place);
    return known != null && known.typeOid() == TypeOid.NUMERIC ? known.typeModifier() : -1;
  }

  private static OptionalInt scale(int modifier) {
    return modifier < MODIFIER_HEADER
        ? OptionalInt.empty()
        : OptionalInt.of((((modifier - MODIFIER_HEADER) & SCALE_MASK) ^ SCALE_SIGN) - SCALE_SIGN);
  }
}
