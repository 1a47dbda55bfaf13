/** Addresses that are told when an answer stops to hold, or holds again. */
@org.jspecify.annotations.NullMarked
package dev.anabranch.server.webhook;
