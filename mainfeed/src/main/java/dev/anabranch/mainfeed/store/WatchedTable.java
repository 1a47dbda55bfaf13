package dev.anabranch.mainfeed.store;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableShape;
import java.util.Optional;

/**
 * A table that the feed knows of.
 *
 * @param shape the layout of its stored images
 * @param since every change committed after it is known; empty while it is not watched
 * @param whyNot why it is not watched, if so
 */
public record WatchedTable(TableShape shape, Optional<Lsn> since, String whyNot) {}
