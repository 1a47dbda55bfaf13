package dev.anabranch.promote.merge;

/** What a rule makes of one cell that the branch and main both changed. */
public sealed interface Merged {

  /**
   * They combine.
   *
   * @param text the value on main afterwards, as Postgres writes it
   */
  record Together(String text) implements Merged {}

  /**
   * They don't, and a person decides.
   *
   * @param why a clause, such as "there are no sums with NULL"
   */
  record Apart(String why) implements Merged {}
}
