/**
 * What is said of an answer: holds, changed or undecided, by which proof, because of which rows.
 */
@org.jspecify.annotations.NullMarked
package dev.anabranch.predicate.verdict;
