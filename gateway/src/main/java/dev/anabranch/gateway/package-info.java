/**
 * The Postgres wire between clients and branches, with capture beside it. Start at {@link
 * dev.anabranch.gateway.Gateway}.
 */
@org.jspecify.annotations.NullMarked
package dev.anabranch.gateway;
