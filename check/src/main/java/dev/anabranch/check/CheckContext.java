package dev.anabranch.check;

import dev.anabranch.branch.golden.Scratch;
import dev.anabranch.branch.mirror.Mirror;
import dev.anabranch.mainfeed.MainFeed;

/** What every check works with. */
public record CheckContext(
    Scratch.Factory scratches, Mirror mirror, MainFeed feed, ForkSchemas schemas) {}
