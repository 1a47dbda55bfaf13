package dev.anabranch.predicate.world;

import java.util.Map;
import java.util.Optional;

/**
 * The settings that a statement left otherwise than it found them.
 *
 * @param found the values of all that were looked at, before, by lower-case name
 * @param changed their values when it was done
 * @param lasting those of them that would outlast its transaction; empty when that was not looked
 *     at, or can't be
 */
public record Left(
    Map<String, String> found, Map<String, String> changed, Optional<Map<String, String>> lasting) {

  /** It left all as it was. */
  public static final Left NOTHING = new Left(Map.of(), Map.of(), Optional.of(Map.of()));

  public Left {
    found = Map.copyOf(found);
    changed = Map.copyOf(changed);
    lasting = lasting.map(Map::copyOf);
  }
}
