/** What a benchmark found, as text and as JSON. */
@org.jspecify.annotations.NullMarked
package dev.anabranch.bench.report;
