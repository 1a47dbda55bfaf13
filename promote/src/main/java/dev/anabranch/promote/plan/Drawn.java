package dev.anabranch.promote.plan;

/**
 * The numbers that a branch drew from its copy of a sequence of main.
 *
 * @param after where the sequence stood at the fork point
 * @param upTo where it stands now
 */
public record Drawn(long after, long upTo) {

  /** Whether a number may be one of them; one that is not was chosen by somebody. */
  public boolean mayHave(long number) {
    return upTo >= after ? number > after && number <= upTo : number < after && number >= upTo;
  }
}
