package dev.anabranch.server.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a token lets its holder do. */
public enum Right {
  /** See branches, answers, verdicts, differences, receipts and measurements. */
  READ,
  /** Make branches, and do with those as one likes; look at what a promotion would do. */
  AUTHOR,
  /** Promote, decide and undo: whatever writes to main. */
  LAND,
  /** All of it, on every branch, and main's release, main's own URL, and tokens. */
  ADMIN;

  /** As people type it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The right of this word. */
  public static Optional<Right> of(String word) {
    return Arrays.stream(values()).filter(right -> right.word().equals(word)).findFirst();
  }

  /** Whether who has this has the other, too. */
  boolean covers(Right other) {
    return switch (this) {
      case READ -> other == READ;
      case AUTHOR -> other == READ || other == AUTHOR;
      case LAND -> other == READ || other == LAND;
      case ADMIN -> true;
    };
  }
}
