package dev.anabranch.promote;

import dev.anabranch.promote.assertion.Assertion;
import java.time.Instant;

/**
 * A check of the users' own that is kept, so that every promotion is held to it.
 *
 * @param assertion its name and what it asks
 * @param who set it
 * @param setAt when
 */
public record OwnCheck(Assertion assertion, String who, Instant setAt) {}
