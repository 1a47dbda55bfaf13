package dev.anabranch.branch;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a deletion did.
 *
 * @param branches those that were deleted, the one that was asked for first; empty when it had been
 *     deleted before and is not kept any longer
 * @param keptUntil when they are gone for good; empty: they are
 */
public record Deletion(List<Branch> branches, Optional<Instant> keptUntil) {

  public Deletion {
    branches = List.copyOf(branches);
  }
}
