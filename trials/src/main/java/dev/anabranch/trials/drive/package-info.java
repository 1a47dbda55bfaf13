/**
 * Driving the whole product from outside: its process, its HTTP interface, and JDBC to main and to
 * branches.
 */
@org.jspecify.annotations.NullMarked
package dev.anabranch.trials.drive;
