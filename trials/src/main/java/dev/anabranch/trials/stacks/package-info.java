/**
 * Real drivers and mappers, each doing the same three requests on a branch: with main at rest or
 * changed elsewhere all of their work must land, and with one row changed that one request read,
 * that request's alone must be held.
 */
@NullMarked
package dev.anabranch.trials.stacks;

import org.jspecify.annotations.NullMarked;
