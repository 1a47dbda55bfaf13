/**
 * Bytes: the messages of protocol 3.0 and what reads and writes them. The only package that knows
 * their layout.
 */
@org.jspecify.annotations.NullMarked
package dev.anabranch.gateway.wire;
