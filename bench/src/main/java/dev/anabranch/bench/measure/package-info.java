/**
 * What every benchmark measures with: a server of its own, latencies, steady load, processor time.
 */
@org.jspecify.annotations.NullMarked
package dev.anabranch.bench.measure;
