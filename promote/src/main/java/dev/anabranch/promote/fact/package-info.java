/** What a person is asked at the end of a branch, and what was decided about it. */
@org.jspecify.annotations.NullMarked
package dev.anabranch.promote.fact;
