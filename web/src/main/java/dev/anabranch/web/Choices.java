package dev.anabranch.web;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The words of decisions, for people. */
public final class Choices {

  /** The sorts of facts there are to decide. */
  public static final List<String> KINDS = List.of("answer", "conflict", "constraint");

  private Choices() {}

  /** What stands on the button. */
  public static String label(String choice) {
    return switch (choice) {
      case "accept" -> "Accept";
      case "branch" -> "Take the branch's";
      case "main" -> "Take main's";
      case "drop" -> "Drop";
      case "rerun" -> "Land what it would write now";
      default -> choice;
    };
  }

  /** What it does. */
  public static String meaning(String choice) {
    return switch (choice) {
      case "accept" -> "That it changed is fine: what rests on it lands";
      case "branch" -> "Main gets the row as the branch has it";
      case "main" -> "Main's row stays as it is";
      case "drop" -> "These units never land, nor does what depends on them";
      case "rerun" -> "The transaction lands as it comes out on main now";
      default -> choice;
    };
  }

  /** How a verdict is coloured, beside its word. */
  public static String tone(String verdict) {
    return switch (verdict) {
      case "holds" -> "good";
      case "changed" -> "bad";
      default -> "doubtful";
    };
  }

  /** The three parts of a difference by what they are of. */
  public static Map<String, Promoted.Parts> named(Promoted.@Nullable Difference difference) {
    Map<String, Promoted.Parts> parts = new LinkedHashMap<>();
    if (difference != null) {
      parts.put("facts", difference.facts());
      parts.put("rows", difference.rows());
      parts.put("units", difference.units());
    }
    return parts;
  }
}
