package dev.anabranch.web;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A receipt in a list, as the API tells it.
 *
 * @param undoes the receipt whose work it took back
 * @param undone how many of its units are taken back
 * @param earlier whether it is of an earlier branch of the same name
 */
public record ReceiptLine(
    String id,
    Instant endedAt,
    String outcome,
    boolean dryRun,
    Promoted.Units units,
    @Nullable String undoes,
    int undone,
    boolean earlier) {

  /** What it was. */
  public String what() {
    return (undoes == null ? "promotion" : "undoing") + (dryRun ? ", dry run" : "");
  }
}
