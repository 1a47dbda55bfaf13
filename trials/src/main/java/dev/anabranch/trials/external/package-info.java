/** The whole journey against a main that Anabranch neither made nor started. */
@NullMarked
package dev.anabranch.trials.external;

import org.jspecify.annotations.NullMarked;
