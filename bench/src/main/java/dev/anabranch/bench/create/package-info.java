/** How long a branch takes from being wished for to its first answer. */
@org.jspecify.annotations.NullMarked
package dev.anabranch.bench.create;
