/** What a pool of branches gives to many who ask at once, and what it costs to keep. */
@org.jspecify.annotations.NullMarked
package dev.anabranch.bench.pool;
