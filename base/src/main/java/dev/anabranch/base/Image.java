package dev.anabranch.base;

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
}
