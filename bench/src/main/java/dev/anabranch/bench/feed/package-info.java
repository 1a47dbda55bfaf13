/** How fast main's WAL is decoded and stored. */
@org.jspecify.annotations.NullMarked
package dev.anabranch.bench.feed;
