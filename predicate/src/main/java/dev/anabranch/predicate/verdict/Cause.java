package dev.anabranch.predicate.verdict;

/** Why an answer is undecided, by kind, so that it can be counted where the next weakness is. */
public enum Cause {
  /** Its statement can't be analysed, or was kept out of the record. */
  UNREADABLE("the statement can't be analysed"),
  /** It is not about main's data. */
  NOT_OF_DATA("it is not about main's data"),
  /** It was given under definitions of the branch's own. */
  DEFINED_ON_BRANCH("the branch has, or had, definitions of its own for it"),
  /** It reads, or writes, what is in no log: foreign and unlogged tables, large objects. */
  NOT_IN_LOG("what it reads or writes is in no WAL"),
  /** It comes out otherwise each time: chance, clocks, sequences. */
  DRAWN_ANEW("it comes out otherwise each time"),
  /** The client did not read all of it, or its rows were not kept in a form to compare. */
  NOT_COMPARABLE("what the client got can't be compared"),
  /** Which of the branch's own writes it saw is not known. */
  SEEN_UNKNOWN("which of the branch's own writes it saw is not known"),
  /** Main and the branch both changed rows that it may rest on. */
  BOTH_CHANGED("main and the branch both changed rows that it may rest on"),
  /** Main has given the numbers of the branch's rows to others. */
  RENUMBERED("main calls rows otherwise than the branch"),
  /** ORDER BY and LIMIT leave open which rows that tie come, or in which order. */
  TIES("its ORDER BY and LIMIT leave open which rows that tie come, or in which order"),
  /** It failed when it was asked or executed again, or could not be. */
  NOT_REPEATED("it failed, or could not be asked or executed, again"),
  /** Executed again it comes out otherwise, although nothing that it touched has changed. */
  UNEXPLAINED("executed again it comes out otherwise, and nothing has changed"),
  /** It is about rows that its branch has from a parent, and main does not have. */
  OF_PARENT("it is about rows that are its parent's, and not main's"),
  /** Time alone may make it another before what rests on it has landed. */
  MOVING("time alone may make it another before what rests on it has landed"),
  /** Main does not leave alone what it reads for as long as a check takes. */
  RESTLESS("main did not leave alone what it reads");

  private final String sentence;

  Cause(String sentence) {
    this.sentence = sentence;
  }

  /** For the docs: a clause. */
  public String sentence() {
    return sentence;
  }
}
