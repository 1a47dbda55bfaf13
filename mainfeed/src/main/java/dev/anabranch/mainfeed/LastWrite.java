package dev.anabranch.mainfeed;

import dev.anabranch.base.Lsn;
import java.time.Instant;
import java.util.Optional;

/**
 * When main changed a row last, for people: nothing is decided by it.
 *
 * @param lsn the end of the commit record
 * @param at main's clock then, or up to ten seconds later; empty of what the feed read before it
 *     noted that
 */
public record LastWrite(Lsn lsn, Optional<Instant> at) {}
