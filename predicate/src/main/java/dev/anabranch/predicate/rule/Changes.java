package dev.anabranch.predicate.rule;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.mainfeed.TableDelta;
import java.util.Map;

/** Main's changes over one window, as one prover's source. */
public interface Changes {

  TableDelta of(TableId table);

  /** The images, at the fork point, of all keys in a table's delta that were there then. */
  Map<Key, Image> forkImages(TableDelta.Rows delta);
}
