/**
 * Postgres fixtures for tests, and waiting for what they see; fakes lie beside what they stand in
 * for.
 */
@NullMarked
package dev.anabranch.testkit;

import org.jspecify.annotations.NullMarked;
