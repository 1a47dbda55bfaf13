/**
 * Results and copies that are larger than the server's memory, and as many connections as the
 * gateway admits.
 */
@org.jspecify.annotations.NullMarked
package dev.anabranch.trials.sizes;
