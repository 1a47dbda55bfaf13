package dev.anabranch.promote;

import java.util.Optional;

/**
 * Which of a branch's units are wanted. They are told task by task, in the order of the tasks'
 * first ones, and in commit order within a task.
 *
 * @param after the last unit of the page before; empty: from the beginning
 * @param limit how many at most
 * @param state only those of which this becomes; empty: all
 */
public record UnitsWanted(Optional<Long> after, int limit, Optional<UnitSeen.State> state) {}
