package dev.anabranch.check.diff;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Steps and changed rows as bytes. Layouts are few and stay in memory; a row names its own by
 * number.
 */
final class RowCodec {

  private static final int NO_SIDE = -1;
  private static final int NULL = -1;
  private static final int UNCHANGED = -2;

  private final List<TableShape> shapes = new ArrayList<>();
  private final Map<TableShape, Integer> numbers = new HashMap<>();
  private TableShape lastShape = new TableShape(new TableId(0), "", "", List.of());
  private int lastNumber = NO_SIDE;

  void put(DataOutputStream out, RowStep step) throws IOException {
    out.writeInt(step.table());
    out.writeLong(step.place());
    out.writeLong(step.unit());
    out.writeBoolean(step.counts());
    put(out, step.before());
    put(out, step.after());
  }

  void put(DataOutputStream out, ChangedRow row) throws IOException {
    out.writeInt(row.table());
    out.writeLong(row.place());
    out.writeInt(row.units().size());
    for (long unit : row.units()) {
      out.writeLong(unit);
    }
    put(out, row.before());
    put(out, row.after());
  }

  /** Empty at the end. */
  Optional<RowStep> step(DataInputStream in) throws IOException {
    int table = next(in);
    return table < 0
        ? Optional.empty()
        : Optional.of(
            new RowStep(table, in.readLong(), in.readLong(), in.readBoolean(), side(in), side(in)));
  }

  /** Empty at the end. */
  Optional<ChangedRow> row(DataInputStream in) throws IOException {
    int table = next(in);
    if (table < 0) {
      return Optional.empty();
    }
    long place = in.readLong();
    int count = in.readInt();
    List<Long> units = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      units.add(in.readLong());
    }
    return Optional.of(new ChangedRow(table, side(in), side(in), units, place));
  }

  private static int next(DataInputStream in) throws IOException {
    int first = in.read();
    if (first < 0) {
      return -1;
    }
    int number = first;
    for (int i = 1; i < Integer.BYTES; i++) {
      int more = in.read();
      if (more < 0) {
        throw new EOFException("a row that ends halfway");
      }
      number = (number << Byte.SIZE) | more;
    }
    return number;
  }

  private void put(DataOutputStream out, Optional<Side> side) throws IOException {
    if (side.isEmpty()) {
      out.writeInt(NO_SIDE);
      return;
    }
    out.writeInt(number(side.get().shape()));
    for (Cell cell : side.get().image().cells()) {
      switch (cell) {
        case Cell.Text(String value) -> {
          byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
          out.writeInt(bytes.length);
          out.write(bytes);
        }
        case Cell.Absent.NULL -> out.writeInt(NULL);
        case Cell.Absent.UNCHANGED -> out.writeInt(UNCHANGED);
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // only saves a look: an equal one is found below
  private int number(TableShape shape) {
    if (shape == lastShape) {
      return lastNumber;
    }
    Integer known = numbers.get(shape);
    if (known == null) {
      known = shapes.size();
      shapes.add(shape);
      numbers.put(shape, known);
    }
    lastShape = shape;
    lastNumber = known;
    return known;
  }

  private Optional<Side> side(DataInputStream in) throws IOException {
    int number = in.readInt();
    if (number == NO_SIDE) {
      return Optional.empty();
    }
    TableShape shape = shapes.get(number);
    List<Cell> cells = new ArrayList<>(shape.columns().size());
    for (int i = 0; i < shape.columns().size(); i++) {
      int length = in.readInt();
      cells.add(
          switch (length) {
            case NULL -> Cell.Absent.NULL;
            case UNCHANGED -> Cell.Absent.UNCHANGED;
            default -> new Cell.Text(new String(in.readNBytes(length), StandardCharsets.UTF_8));
          });
    }
    return Optional.of(new Side(shape, new Image(cells)));
  }
}
