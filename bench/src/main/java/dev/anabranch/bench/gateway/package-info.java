/** What the gateway costs, beside PgBouncer and beside nothing in between. */
@org.jspecify.annotations.NullMarked
package dev.anabranch.bench.gateway;
