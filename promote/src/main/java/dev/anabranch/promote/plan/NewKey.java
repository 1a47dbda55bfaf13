package dev.anabranch.promote.plan;

import dev.anabranch.base.TableId;
import java.util.Map;

/**
 * Stands for a generated value until main's sequence has been asked: a text that no row of main
 * has, so that nothing on main can be taken for equal to it.
 */
final class NewKey {

  private static final char MARK = '\u0001';

  private NewKey() {}

  /** The text that stands for a value. */
  static String of(TableId table, int column, long value) {
    return MARK + "new:" + table.oid() + ":" + column + ":" + value;
  }

  /** The branch's own text for a cell that may stand for a new value. */
  static String original(String text) {
    return isNew(text) ? text.substring(text.lastIndexOf(':') + 1) : text;
  }

  /** Main's text for a cell that may stand for a new value. */
  static String resolved(String text, Map<String, Long> drawn) {
    if (!isNew(text)) {
      return text;
    }
    Long value = drawn.get(text);
    if (value == null) {
      throw new IllegalStateException("no value was drawn for " + text.substring(1));
    }
    return value.toString();
  }

  static boolean isNew(String text) {
    return !text.isEmpty() && text.charAt(0) == MARK;
  }
}
