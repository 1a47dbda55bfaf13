package dev.anabranch.predicate.rule;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableShape;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** What main's rows were when answers were proved. */
@FunctionalInterface
public interface RowsBefore extends AutoCloseable {

  /** Nothing is known but keys. */
  RowsBefore UNKNOWN = (shape, keys) -> Map.of();

  /**
   * These rows as they were, empty where there was none; those of which that is not known are left
   * out.
   */
  Map<Key, Optional<Image>> of(TableShape shape, Collection<Key> keys);

  @Override
  default void close() {}
}
