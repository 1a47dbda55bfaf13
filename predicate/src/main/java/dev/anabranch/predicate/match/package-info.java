/**
 * Postgres's comparison semantics, exactly or not at all, and conditions decided over row images.
 */
@NullMarked
package dev.anabranch.predicate.match;

import org.jspecify.annotations.NullMarked;
