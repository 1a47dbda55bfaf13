package dev.anabranch.promote.plan;

/** Why a unit is taken to rest on an answer, the surest first. */
public enum Tie {
  /** Its own transaction got it. */
  OWN,
  /** Its task got it before: a name, a trace, or what the branch was told to take for a task. */
  TASK,
  /** Nobody named a task, and it was made in the same window of work. */
  WINDOW,
  /** Nobody knows whose transaction it was, and it may be one of those that rest on it. */
  UNCLEAR
}
