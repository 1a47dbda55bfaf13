/**
 * What was asked of branches and written on them: an append-only record in the control database.
 */
@org.jspecify.annotations.NullMarked
package dev.anabranch.ledger;
