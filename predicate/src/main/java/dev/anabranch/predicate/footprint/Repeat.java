package dev.anabranch.predicate.footprint;

/** What a statement's answer, when it is asked again over the same rows, says about the first. */
public sealed interface Repeat {

  /** It is the same, so another one is a change. */
  record Same() implements Repeat {}

  /**
   * The same one is a proof, and another one is none: it may come from what the statement does
   * besides reading rows.
   *
   * @param why a clause that begins with "it"
   */
  record AgreementOnly(String why) implements Repeat {}

  /**
   * The same one is a proof, also when it comes only with other rows locked by others, which it
   * passes over. Another one is none.
   *
   * @param why a clause that begins with "it"
   */
  record Available(String why) implements Repeat {}

  /**
   * Nothing: over the same rows each answer is as good as any other. While its rows are the same,
   * the one that was given is as legal as it was.
   *
   * @param why a clause that begins with "it"
   */
  record Drawn(String why) implements Repeat {}
}
