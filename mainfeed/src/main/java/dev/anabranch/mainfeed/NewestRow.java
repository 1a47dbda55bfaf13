package dev.anabranch.mainfeed;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.Lsn;
import java.util.Optional;

/**
 * A key that main changed, and what its row is now.
 *
 * @param key the row
 * @param now its newest image, empty when the row is gone; {@link
 *     dev.anabranch.base.Cell.Absent#UNCHANGED} cells have the value they had at the fork point
 * @param lsn the end of the commit record that changed it last
 */
public record NewestRow(Key key, Optional<Image> now, Lsn lsn) {}
