package dev.anabranch.check.diff;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.TableShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A row before or after, with the layout that it had then: between the two a column may have come,
 * gone, or got another name.
 */
public record Side(TableShape shape, Image image) {

  /** Whether both say the same of each column that both know. */
  boolean sameAs(Side other) {
    if (shape.equals(other.shape)) {
      return image.equals(other.image);
    }
    if (shape.columns().size() != other.shape.columns().size()) {
      return false;
    }
    return shape.columns().stream().allMatch(column -> !differsAt(column, other));
  }

  /** Whether a column of this side has another value on the other side, or is not there. */
  public boolean differsAt(Column column, Side other) {
    return !cell(column).equals(other.cell(column));
  }

  /** Empty where this layout has no such column. */
  public Optional<Cell> cell(Column column) {
    int place = column.number() > 0 ? shape.indexOf(column.number()) : placeOf(column.name());
    return place < 0 ? Optional.empty() : Optional.of(image.cells().get(place));
  }

  private int placeOf(String name) {
    for (int i = 0; i < shape.columns().size(); i++) {
      if (shape.columns().get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** The same row, with the cells that were not logged taken from an earlier side of it. */
  Side filledFrom(Side earlier) {
    if (image.isWhole()) {
      return this;
    }
    List<Cell> cells = new ArrayList<>(image.cells());
    for (int i = 0; i < cells.size(); i++) {
      if (cells.get(i) == Cell.Absent.UNCHANGED) {
        cells.set(i, earlier.cell(shape.columns().get(i)).orElse(Cell.Absent.UNCHANGED));
      }
    }
    return new Side(shape, new Image(cells));
  }

  /** By what the row is known: the cells of its key, or all where its table has none. */
  List<Cell> name() {
    if (!shape.hasKey()) {
      return image.cells();
    }
    List<Cell> name = new ArrayList<>();
    for (int i = 0; i < shape.columns().size(); i++) {
      if (shape.columns().get(i).inKey()) {
        name.add(image.cells().get(i));
      }
    }
    return name;
  }
}
