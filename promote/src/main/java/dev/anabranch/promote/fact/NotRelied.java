package dev.anabranch.promote.fact;

/**
 * An answer that changed or can't be told, and that is no reason for anything: no unit is held
 * because of it, and none that lands was taken to rest on it. It is told so that a person can see
 * what was read and not counted.
 *
 * @param answer the answer's id
 * @param verdict changed or undecided
 * @param sentence it in words
 * @param task what it was asked for
 */
public record NotRelied(long answer, String verdict, String sentence, String task) {}
