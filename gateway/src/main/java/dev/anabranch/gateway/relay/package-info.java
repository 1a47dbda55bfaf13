/** What passes between a logged-in client and its branch, and what is learned from it. */
@org.jspecify.annotations.NullMarked
package dev.anabranch.gateway.relay;
