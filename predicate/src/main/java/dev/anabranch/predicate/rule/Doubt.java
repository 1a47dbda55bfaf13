package dev.anabranch.predicate.rule;

/** Something is not known for certain, and so nothing follows. */
final class Doubt extends Exception {
  private static final long serialVersionUID = 1;

  Doubt(String what) {
    super(what, null, false, false);
  }
}
