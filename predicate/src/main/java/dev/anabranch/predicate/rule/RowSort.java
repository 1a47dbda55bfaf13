package dev.anabranch.predicate.rule;

import dev.anabranch.base.Traps;
import dev.anabranch.predicate.footprint.Rule;
import dev.anabranch.predicate.footprint.Rule.Output;
import dev.anabranch.predicate.footprint.Rule.Sort;
import dev.anabranch.predicate.match.Condition.Comparison;
import dev.anabranch.predicate.match.Semantics;
import dev.anabranch.predicate.match.Truth;
import dev.anabranch.predicate.match.Value;
import dev.anabranch.predicate.match.ValueReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts rows in the statement's order: by comparing them, or, where a collation's order is not
 * known, by the places that rows with the same sort keys had in the answer. Rows that tie are
 * doubt.
 *
 * @param was the rows that were given, in their order
 */
record RowSort(Rule rule, List<List<@Nullable String>> was) {

  private static final Semantics SEMANTICS = new Semantics(Traps.NONE);

  List<List<@Nullable String>> sorted(List<List<@Nullable String>> rows) throws Doubt {
    if (rule.order().isEmpty() || rows.size() <= 1) {
      return rows;
    }
    List<List<@Nullable String>> sorted = new ArrayList<>();
    for (List<@Nullable String> row : rows) {
      int place = sorted.size();
      while (place > 0 && comesFirst(row, sorted.get(place - 1))) {
        place--;
      }
      sorted.add(place, row);
    }
    return sorted;
  }

  /** Whether the first row is shown before the second. */
  boolean comesFirst(List<@Nullable String> row, List<@Nullable String> other) throws Doubt {
    for (Sort key : rule.order()) {
      Output output = rule.outputs().get(key.output());
      String text = row.get(key.output());
      String otherText = other.get(key.output());
      if (text == null || otherText == null) {
        if (text == null && otherText == null) {
          continue;
        }
        return (text == null) == key.nullsFirst();
      }
      if (isTrue(Comparison.EQ, output, text, otherText)) {
        continue;
      }
      return isKnown(output, text, otherText)
          ? isTrue(key.descending() ? Comparison.GT : Comparison.LT, output, text, otherText)
          : wasFirst(key.output(), text, otherText);
    }
    throw new Doubt("rows that tie");
  }

  private static boolean isKnown(Output output, String text, String other) {
    Truth less = compare(Comparison.LT, output, text, other);
    return less == Truth.TRUE || less == Truth.FALSE;
  }

  private static boolean isTrue(Comparison comparison, Output output, String text, String other)
      throws Doubt {
    return switch (compare(comparison, output, text, other)) {
      case TRUE -> true;
      case FALSE -> false;
      case NULL, TRUE_OR_FALSE, TRUE_OR_NULL, FALSE_OR_NULL, ANY ->
          throw new Doubt("values that can't be compared");
    };
  }

  private static Truth compare(Comparison comparison, Output output, String text, String other) {
    Value left = ValueReader.read(output.typeOid(), text);
    Value right = ValueReader.read(output.typeOid(), other);
    return SEMANTICS.compare(comparison, output.family(), left, right);
  }

  /** The first key alone: among rows that are equal in it the next one decides. */
  private boolean wasFirst(int column, String text, String other) throws Doubt {
    if (rule.order().getFirst().output() != column) {
      throw new Doubt("an order that is not known");
    }
    int place = place(column, text);
    int otherPlace = place(column, other);
    return place < otherPlace;
  }

  private int place(int column, String text) throws Doubt {
    for (int i = 0; i < was.size(); i++) {
      if (text.equals(was.get(i).get(column))) {
        return i;
      }
    }
    throw new Doubt("a text whose place in the order is not known");
  }
}
