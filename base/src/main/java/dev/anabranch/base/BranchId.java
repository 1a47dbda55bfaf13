package dev.anabranch.base;

/**
 * One life of a branch. A name can be used again after a delete or a reset; an id never is.
 *
 * @param value a positive number given by the control database
 */
public record BranchId(long value) {
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
