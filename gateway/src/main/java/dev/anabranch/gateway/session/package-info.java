/** A connection from its first byte to its last, in phases. */
@org.jspecify.annotations.NullMarked
package dev.anabranch.gateway.session;
