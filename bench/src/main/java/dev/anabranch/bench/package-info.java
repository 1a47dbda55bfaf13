/** Benchmarks: programs that start their own server and print ratios against a baseline. */
@org.jspecify.annotations.NullMarked
package dev.anabranch.bench;
