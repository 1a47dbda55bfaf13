package dev.anabranch.predicate;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.mainfeed.NewestRow;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.predicate.rule.Changes;
import dev.anabranch.predicate.world.World;
import java.util.HashMap;
import java.util.Map;

/** Main's changes of a check, which reads each table's rows of the fork point once. */
final class ForkedChanges implements Changes {

  private final World.Present present;
  private final World world;
  private final Map<TableId, Map<Key, Image>> images = new HashMap<>();

  ForkedChanges(World.Present present, World world) {
    this.present = present;
    this.world = world;
  }

  @Override
  public TableDelta of(TableId table) {
    return present.delta().of(table);
  }

  @Override
  public Map<Key, Image> forkImages(TableDelta.Rows delta) {
    return images.computeIfAbsent(
        delta.shape().id(),
        ignored ->
            world.forkImages(delta.shape(), delta.rows().stream().map(NewestRow::key).toList()));
  }
}
