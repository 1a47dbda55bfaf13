package dev.anabranch.check;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Where main had changed a row as the branch did: gave a cell the same value, or took the row away.
 * The two agree as long as the branch makes nothing else of it: then it goes on from what main did
 * for reasons of its own.
 */
final class Agreements {

  private record Row(TableId table, Key key) {}

  /** The places of cells; {@link #GONE} stands for the row itself. */
  private final Map<Row, BitSet> rows = new HashMap<>();

  private static final int GONE = 0;

  Agreements() {}

  private Agreements(Agreements other) {
    other.rows.forEach((row, places) -> rows.put(row, (BitSet) places.clone()));
  }

  /** As they are now, whatever comes. */
  Agreements copy() {
    return new Agreements(this);
  }

  void set(Agreements others) {
    rows.clear();
    addAll(others);
  }

  void addAll(Agreements others) {
    others.rows.forEach((row, places) -> rows.computeIfAbsent(row, _ -> new BitSet()).or(places));
  }

  /** Of a cell that a write changes: whether main's is as the write left it, and was not before. */
  void note(TableShape shape, Key key, int place, Image mains, Image before) {
    if (!mains.cells().get(place).equals(before.cells().get(place))) {
      at(shape, key).set(1 + place);
    }
  }

  void noteGone(TableShape shape, Key key) {
    at(shape, key).set(GONE);
  }

  private BitSet at(TableShape shape, Key key) {
    return rows.computeIfAbsent(new Row(shape.id(), key), _ -> new BitSet());
  }

  boolean hasGone(TableShape shape, Key key) {
    BitSet places = rows.get(new Row(shape.id(), key));
    return places != null && places.get(GONE);
  }

  boolean has(TableShape shape, Key key, int place) {
    BitSet places = rows.get(new Row(shape.id(), key));
    return places != null && places.get(1 + place);
  }

  /** Whether there is anything about a row. */
  boolean has(TableShape shape, Key key) {
    return rows.containsKey(new Row(shape.id(), key));
  }
}
