package dev.anabranch.trials.oracle;

import dev.anabranch.base.Identifiers;
import org.jspecify.annotations.Nullable;

/** Random values written as SQL. */
final class Literals {

  private Literals() {}

  /** A text as a constant of a kind, or NULL. */
  static String constant(Kind kind, @Nullable String text) {
    return text == null ? "NULL" : Identifiers.literal(text).strip() + "::" + kind.castType();
  }

  /** A random value of a kind, NULL now and then. */
  static @Nullable String value(Dice dice, Kind kind) {
    return dice.percent(12) ? null : dice.pick(kind.values());
  }

  /** A random constant of a kind, never NULL, written one of the ways people write it. */
  static String constant(Dice dice, Kind kind) {
    String text = dice.pick(kind.values());
    if (kind.family() == Kind.Family.INT && dice.percent(70)) {
      return text.startsWith("-") ? "(" + text + ")" : text;
    }
    if (kind.family() == Kind.Family.TEXT && dice.percent(50)) {
      return Identifiers.literal(text).strip();
    }
    return constant(kind, text);
  }
}
