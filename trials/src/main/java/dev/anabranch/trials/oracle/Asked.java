package dev.anabranch.trials.oracle;

import dev.anabranch.trials.drive.Rows;
import dev.anabranch.trials.drive.Step;

/**
 * A question that was asked on the branch, and what came.
 *
 * @param state the number of the branch's state, as the session saw it, on which it was asked
 */
record Asked(Step.Ask ask, Query.Legal legal, Rows got, int state) {}
