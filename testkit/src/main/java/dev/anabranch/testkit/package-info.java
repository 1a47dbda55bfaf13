/** Postgres fixtures and hand-written fakes for tests. */
@NullMarked
package dev.anabranch.testkit;

import org.jspecify.annotations.NullMarked;
