package dev.anabranch.branch;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How many branches there may be. Deleted ones that are still kept don't count.
 *
 * @param all on this server
 * @param perOwner of one owner; those that nobody is said to hold are not limited so
 */
public record BranchLimits(int all, OptionalInt perOwner) {

  private static final int OWNERS_NAMED = 3;

  /** As many as anybody likes. */
  public static BranchLimits none() {
    return new BranchLimits(Integer.MAX_VALUE, OptionalInt.empty());
  }

  /**
   * Why one more may not be.
   *
   * @param held how many each owner has
   */
  Optional<AnabranchException> refusal(Map<String, Long> held, String owner) {
    long own = held.getOrDefault(owner, 0L);
    if (!owner.isEmpty() && perOwner.isPresent() && own >= perOwner.getAsInt()) {
      return Optional.of(
          new AnabranchException(
              ErrorCode.BRANCH_LIMIT,
              owner + " holds " + own + " branches already",
              "branch-limit-per-owner"));
    }
    long sum = held.values().stream().mapToLong(Long::longValue).sum();
    return sum < all
        ? Optional.empty()
        : Optional.of(
            new AnabranchException(
                ErrorCode.BRANCH_LIMIT,
                "There are " + sum + " branches already (" + holders(held) + ")",
                "branch-limit"));
  }

  private static String holders(Map<String, Long> held) {
    List<Map.Entry<String, Long>> most =
        held.entrySet().stream()
            .sorted(
                Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .toList();
    List<String> named =
        most.stream()
            .limit(OWNERS_NAMED)
            .map(entry -> said(entry.getKey()) + " holds " + entry.getValue())
            .toList();
    String others = most.size() > OWNERS_NAMED ? ", others the rest" : "";
    return String.join(", ", named) + others;
  }

  private static String said(String owner) {
    return owner.isEmpty() ? "nobody in particular" : owner;
  }
}
