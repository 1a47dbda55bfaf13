/** Branches that somebody watches: checked whenever something has moved, once for all listeners. */
@org.jspecify.annotations.NullMarked
package dev.anabranch.server.watch;
