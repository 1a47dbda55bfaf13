package dev.anabranch.promote.plan;

import dev.anabranch.base.Cell;

/**
 * What a column of a row is to hold. A number that main's sequence has yet to give is a kind of its
 * own and no marker in a text, so that no text of a user's can be taken for one, and nothing on
 * main for equal to it.
 */
public sealed interface CellValue {

  /** A cell that is known already. */
  record Known(Cell cell) implements CellValue {}

  /** A number to be drawn. */
  record ToDraw(NumberRequest request) implements CellValue {}

  /** SQL NULL. */
  static CellValue none() {
    return new Known(Cell.Absent.NULL);
  }

  static CellValue of(Cell cell) {
    return new Known(cell);
  }

  static CellValue of(String text) {
    return new Known(new Cell.Text(text));
  }

  /** The cell, as the branch has it where main's number is yet to be drawn. */
  default Cell cell() {
    return switch (this) {
      case Known(Cell cell) -> cell;
      case ToDraw(NumberRequest request) -> new Cell.Text(Long.toString(request.value()));
    };
  }
}
