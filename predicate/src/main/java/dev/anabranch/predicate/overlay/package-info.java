/** What an answer would see changed: main's net changes under the branch's own earlier writes. */
@NullMarked
package dev.anabranch.predicate.overlay;

import org.jspecify.annotations.NullMarked;
