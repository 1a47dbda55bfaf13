package dev.anabranch.check;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableShape;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Rows as they were at one fork point. They never change, so each is read once. */
final class ForkRows {

  /** Where a row is found that is not known yet; keys without a row are left out. */
  interface Source {
    Map<Key, Image> read(TableShape shape, Collection<Key> keys);
  }

  private final Map<TableShape, Map<Key, Optional<Image>>> known = new ConcurrentHashMap<>();

  /** Those of the keys that were there then. */
  Map<Key, Image> of(TableShape shape, Collection<Key> keys, Source source) {
    Map<Key, Optional<Image>> rows =
        known.computeIfAbsent(shape, ignored -> new ConcurrentHashMap<>());
    List<Key> missing = keys.stream().filter(key -> !rows.containsKey(key)).toList();
    if (!missing.isEmpty()) {
      Map<Key, Image> found = source.read(shape, missing);
      missing.forEach(key -> rows.put(key, Optional.ofNullable(found.get(key))));
    }
    Map<Key, Image> images = new HashMap<>();
    for (Key key : keys) {
      rows.getOrDefault(key, Optional.empty()).ifPresent(image -> images.put(key, image));
    }
    return images;
  }
}
