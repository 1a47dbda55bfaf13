package dev.anabranch.promote.plan;

import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;

/** One row of one table, by its key on main. */
public record RowRef(TableId table, Key key) {}
