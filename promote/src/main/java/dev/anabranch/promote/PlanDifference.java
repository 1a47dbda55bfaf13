package dev.anabranch.promote;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How a plan differs from the one that was approved.
 *
 * @param facts the facts, by their ids
 * @param rows the rows to write
 * @param units the units that land
 */
public record PlanDifference(Parts facts, Parts rows, Parts units) {

  /** The most parts that are named. */
  private static final int NAMED_LIMIT = 100;

  /**
   * @param retained how many are as they were
   * @param replaced those that are others now
   * @param cleared those that are there no more
   * @param added those that were not there
   */
  public record Parts(
      int retained, List<String> replaced, List<String> cleared, List<String> added) {

    private static Parts between(Map<String, String> approved, Map<String, String> now) {
      int retained = 0;
      List<String> replaced = new ArrayList<>();
      List<String> cleared = new ArrayList<>();
      for (Map.Entry<String, String> part : approved.entrySet()) {
        String other = now.get(part.getKey());
        if (other == null) {
          cleared.add(part.getKey());
        } else if (other.equals(part.getValue())) {
          retained++;
        } else {
          replaced.add(part.getKey());
        }
      }
      List<String> added =
          now.keySet().stream().filter(part -> !approved.containsKey(part)).toList();
      return new Parts(retained, named(replaced), named(cleared), named(added));
    }

    private static List<String> named(List<String> parts) {
      return List.copyOf(parts.subList(0, Math.min(parts.size(), NAMED_LIMIT)));
    }
  }

  static PlanDifference between(PlanParts approved, PlanParts now) {
    return new PlanDifference(
        Parts.between(approved.facts(), now.facts()),
        Parts.between(approved.rows(), now.rows()),
        Parts.between(approved.units(), now.units()));
  }
}
