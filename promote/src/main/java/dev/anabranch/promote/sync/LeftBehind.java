package dev.anabranch.promote.sync;

/** Why an answer does not come along when its branch is synced. */
public enum LeftBehind {
  /** Main has changed it. */
  CHANGED("changed"),
  /** It can't be told whether it holds. */
  UNDECIDED("undecided"),
  /** Its session kept it out. */
  WITHHELD("withheld"),
  /** It was given after the check, or is left out of checks. */
  NOT_JUDGED("not judged"),
  /** It is not about main's data. */
  NOT_OF_DATA("not about data"),
  /** It may be another when it is asked at another time, or can't be asked another time at all. */
  BY_CLOCK("moves with the clock, or can't be asked again"),
  /** It is not known which tables it read, and main has moved. */
  OF_UNKNOWN_READS("not known what it read"),
  /** Its transaction wrote what does not come along, or nobody knows how that ended. */
  OF_OTHER_WRITES("saw writes that stay"),
  /** Another statement of its transaction stays behind, and a part of one is none. */
  WITH_ITS_TRANSACTION("others of its transaction stay behind"),
  /** It saw work that was dropped. */
  OF_DROPPED("saw dropped work"),
  /** Its work is on main by now. */
  OF_LANDED("its work has landed"),
  /** It was given without work of the branch that is on main by now. */
  BEFORE_LANDED("given before work that has landed"),
  /** It saw a row that has another number by now. */
  OF_OTHER_NUMBER("saw a row that has another number now");

  private final String words;

  LeftBehind(String words) {
    this.words = words;
  }

  /** For people. */
  public String words() {
    return words;
  }
}
