package dev.anabranch.predicate.timeline;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableShape;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rows as they were at the fork point, each read once. They never change. */
public final class ForkRows {

  private final OldRows.Fork source;
  private final Map<TableShape, Map<Key, Optional<Image>>> known = new HashMap<>();

  public ForkRows(OldRows.Fork source) {
    this.source = source;
  }

  /** Those of the keys that were there then. */
  public Map<Key, Image> of(TableShape shape, Collection<Key> keys) {
    Map<Key, Optional<Image>> rows = known.computeIfAbsent(shape, ignored -> new HashMap<>());
    List<Key> missing = keys.stream().filter(key -> !rows.containsKey(key)).toList();
    if (!missing.isEmpty()) {
      Map<Key, Image> found = source.images(shape, missing);
      missing.forEach(key -> rows.put(key, Optional.ofNullable(found.get(key))));
    }
    Map<Key, Image> images = new HashMap<>();
    keys.forEach(
        key -> rows.getOrDefault(key, Optional.empty()).ifPresent(image -> images.put(key, image)));
    return images;
  }
}
