/**
 * What a statement reads: relations, columns and conditions, out of Postgres's own rewritten query
 * tree. Never too small.
 */
@NullMarked
package dev.anabranch.predicate.footprint;

import org.jspecify.annotations.NullMarked;
