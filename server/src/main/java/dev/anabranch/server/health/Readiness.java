package dev.anabranch.server.health;

import java.util.List;

/**
 * Whether Anabranch can do all that it is for.
 *
 * @param ready whether every part is
 * @param parts each by itself
 */
public record Readiness(boolean ready, List<PartHealth> parts) {

  public Readiness {
    parts = List.copyOf(parts);
  }

  static Readiness of(List<PartHealth> parts) {
    return new Readiness(parts.stream().allMatch(PartHealth::ready), parts);
  }
}
