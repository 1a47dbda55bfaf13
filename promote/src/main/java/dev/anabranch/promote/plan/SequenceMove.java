package dev.anabranch.promote.plan;

/**
 * A sequence that main has to move on, so that what it gives out next meets nothing that landed.
 *
 * @param generator the sequence
 * @param value it must have given out at least this
 * @param drawn whether the value came from the sequence, so that nobody else may have been given it
 */
public record SequenceMove(Generator generator, long value, boolean drawn) {}
