package dev.anabranch.check;

import dev.anabranch.branch.Branch;
import dev.anabranch.branch.golden.Scratch;
import dev.anabranch.branch.mirror.Mirror;
import dev.anabranch.mainfeed.MainFeed;
import dev.anabranch.predicate.footprint.Combining;
import java.util.function.Supplier;

/**
 * What every check works with.
 *
 * @param combining asked at each check: the columns of main that combine
 */
public record CheckContext(
    Scratch.Factory scratches,
    Mirror mirror,
    MainFeed feed,
    ForkSchemas schemas,
    Supplier<Combining> combining) {

  /** The columns that combine, of tables that stood alone at a branch's fork point. */
  Combining combiningSince(Branch branch) {
    Combining all = combining.get();
    return all.equals(Combining.NONE)
        ? all
        : all.alone(schemas.at(branch.forkLsn(), ForkSchemas.Side.MAIN));
  }
}
