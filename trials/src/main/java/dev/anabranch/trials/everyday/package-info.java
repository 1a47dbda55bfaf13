/**
 * Statements that programs send every day, each in a session of its own that then writes one row:
 * when main has changed nothing that they read, that row must land.
 */
@org.jspecify.annotations.NullMarked
package dev.anabranch.trials.everyday;
