package dev.anabranch.promote;

import dev.anabranch.promote.assertion.Assertions;

/**
 * A branch as it would be landed.
 *
 * @param promotion what a dry run would say
 * @param candidate its plan, to be looked at on a copy of main
 * @param assertions what it is held to
 */
record Looked(Promotion promotion, Candidate candidate, Assertions assertions) {}
