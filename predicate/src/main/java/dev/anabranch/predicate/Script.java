package dev.anabranch.predicate;

import dev.anabranch.predicate.world.Rehearsal;

/** What is to be executed again for a statement; or why that can't be. */
sealed interface Script {
  record Playable(Rehearsal rehearsal) implements Script {}

  record Lost(String why) implements Script {}
}
