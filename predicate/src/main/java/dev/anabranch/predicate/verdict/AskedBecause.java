package dev.anabranch.predicate.verdict;

/**
 * Why an answer was asked, or executed, again: what main's changes alone did not tell. By kind, so
 * that it can be counted which proof would save most questions.
 */
public enum AskedBecause {
  /** Its statement reads the clock. */
  CLOCK("it depends on the clock"),
  /** A function, a type, an operator, a trigger or a rule of the user's has a part in it. */
  CODE("code of the user's has a part in it"),
  /** Its statement reads what its words do not tell, or could not be analysed. */
  BEYOND_WORDS("it rests on more than its words tell"),
  /** Main has altered what it reads, or who may read it. */
  REDEFINED("main has what it reads, or who may read it, defined otherwise"),
  /** A table without a key, one that was emptied, or what is no table of rows. */
  NOT_FOLLOWED("what main did to a table that it reads is not told by rows"),
  /** Rows that may be among those that it read are others, and no rule says what follows. */
  ROWS_CHANGED("main changed rows that it may have read"),
  /** Main changed a row that the transaction wrote, of which it may have seen either. */
  OWN_ROWS("main changed a row that its own transaction wrote"),
  /** Main has given the numbers of the branch's rows to others. */
  RENUMBERED("main calls rows otherwise than the branch"),
  /** A constraint of main's may stand in the way of what it wrote. */
  MAY_BE_REFUSED("main may refuse by now what it wrote"),
  /** Which of the branch's own writes it saw is not known. */
  SEEN_UNKNOWN("which of the branch's own writes it saw is not known"),
  /**
   * It was refused, found no row, or did or saw what was taken back: no row on main tells of it.
   */
  LEFT_NOTHING("it was refused, or left or saw nothing that main could have");

  private final String sentence;

  AskedBecause(String sentence) {
    this.sentence = sentence;
  }

  /** For the docs: a clause. */
  public String sentence() {
    return sentence;
  }
}
