package dev.anabranch.base;

import java.util.ArrayList;
import java.util.List;

/**
 * One row at one moment: a cell for each column of its {@link TableShape}.
 *
 * @param cells in the shape's order
 */
public record Image(List<Cell> cells) {
  public Image {
    cells = List.copyOf(cells);
  }

  /** Whether every cell was sent. */
  public boolean isWhole() {
    return !cells.contains(Cell.Absent.UNCHANGED);
  }

  /**
   * Whether a cell is the same in both; one that was not sent is like no other, itself included.
   */
  public boolean sameAt(int place, Image other) {
    Cell cell = cells.get(place);
    return cell != Cell.Absent.UNCHANGED && cell.equals(other.cells.get(place));
  }

  /** This row, with the cells that are the same in another of its layout kept once for both. */
  public Image sharing(Image other) {
    Cell[] shared = cells.toArray(Cell[]::new);
    for (int i = 0; i < Math.min(shared.length, other.cells.size()); i++) {
      if (shared[i].equals(other.cells.get(i))) {
        shared[i] = other.cells.get(i);
      }
    }
    return new Image(List.of(shared));
  }

  /** This row with the cells that were not sent taken from another image of it. */
  public Image filledFrom(Image other) {
    if (isWhole()) {
      return this;
    }
    List<Cell> filled = new ArrayList<>(cells);
    for (int i = 0; i < filled.size(); i++) {
      if (filled.get(i) == Cell.Absent.UNCHANGED) {
        filled.set(i, other.cells.get(i));
      }
    }
    return new Image(filled);
  }
}
