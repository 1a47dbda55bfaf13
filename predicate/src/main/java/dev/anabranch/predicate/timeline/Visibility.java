package dev.anabranch.predicate.timeline;

/** Whether an answer saw a unit's writes. */
enum Visibility {
  SEEN,
  NOT_SEEN,
  UNCLEAR
}
