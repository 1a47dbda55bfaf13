/**
 * Behaviours told as data: a base, a branch, what main did meanwhile, and what is expected of it.
 */
@org.jspecify.annotations.NullMarked
package dev.anabranch.trials.stories;
