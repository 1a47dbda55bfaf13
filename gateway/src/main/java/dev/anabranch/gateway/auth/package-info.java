/** SCRAM-SHA-256, the server's side. */
@org.jspecify.annotations.NullMarked
package dev.anabranch.gateway.auth;
