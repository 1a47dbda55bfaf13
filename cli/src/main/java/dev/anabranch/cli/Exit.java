package dev.anabranch.cli;

/** What the process's exit code says. Scripts rely on these numbers. */
final class Exit {

  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  /** Done, and something changed, is undecided or is held: a person should look. */
  static final int LOOK = 3;

  private Exit() {}
}
