package dev.anabranch.branch;

import java.util.Locale;
import java.util.Optional;

/**
 * What belongs together on a branch where nobody named a task: a unit rests on what its task got
 * before it.
 */
public enum TaskBy {
  /** The sessions of one role, application and host that overlap or follow each other closely. */
  WINDOW,
  /** A session alone. */
  SESSION,
  /** A transaction alone. */
  TRANSACTION,
  /** Everything on the branch, named or not. */
  BRANCH;

  /** As people write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one of this word; empty when there is none. */
  public static Optional<TaskBy> of(String word) {
    for (TaskBy by : values()) {
      if (by.word().equals(word)) {
        return Optional.of(by);
      }
    }
    return Optional.empty();
  }
}
