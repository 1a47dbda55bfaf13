/**
 * Where each answer stands among the branch's own writes, and which session each unit belongs to.
 */
@NullMarked
package dev.anabranch.predicate.timeline;

import org.jspecify.annotations.NullMarked;
