/** How fast main's log is decoded and stored. */
@org.jspecify.annotations.NullMarked
package dev.anabranch.bench.feed;
