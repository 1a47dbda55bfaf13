/**
 * Processes die at the worst moments; nothing acknowledged may be lost, land twice or land half.
 */
@NullMarked
package dev.anabranch.trials.kill;

import org.jspecify.annotations.NullMarked;
