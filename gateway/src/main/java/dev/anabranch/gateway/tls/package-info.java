/** Encryption of the client wire: the certificate that the gateway shows, given or made. */
@org.jspecify.annotations.NullMarked
package dev.anabranch.gateway.tls;
