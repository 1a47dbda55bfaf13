package dev.anabranch.promote.plan;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Write;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A branch's writes as they are called where some of its new rows have other numbers. */
public final class NextNames {

  private final KeyMap keys;
  private final boolean areSame;

  /**
   * @param tables the tables concerned, all that the writes are of among them
   * @param renumberings rows whose keys are others
   */
  public NextNames(Map<TableId, MainTable> tables, List<Renumbering> renumberings) {
    this.keys = new KeyMap(tables, renumberings);
    this.areSame = renumberings.isEmpty();
  }

  /** Whether every row has one name. */
  public boolean areSame() {
    return areSame;
  }

  /** A write in its own layout, as it is called there. */
  public Write of(TableShape layout, Write write) {
    if (areSame) {
      return write;
    }
    return switch (write) {
      case Write.Insert(var table, var lsn, Image after) ->
          new Write.Insert(table, lsn, image(layout, after));
      case Write.Update(var table, var lsn, Image before, Image after) ->
          new Write.Update(table, lsn, image(layout, before), image(layout, after));
      case Write.Delete(var table, var lsn, Image before) ->
          new Write.Delete(table, lsn, image(layout, before));
      case Write.Truncate truncate -> truncate;
    };
  }

  /** The numbers of the columns of a write's row that are called otherwise there. */
  public Set<Integer> columns(TableShape layout, Write write) {
    Set<Integer> columns = new TreeSet<>();
    List<Image> was = write.images();
    List<Image> is = of(layout, write).images();
    for (int row = 0; row < was.size(); row++) {
      for (int place = 0; place < layout.columns().size(); place++) {
        if (!was.get(row).cells().get(place).equals(is.get(row).cells().get(place))) {
          columns.add(layout.columns().get(place).number());
        }
      }
    }
    return new HashSet<>(columns);
  }

  private Image image(TableShape layout, Image image) {
    Row row = keys.translate(layout.id(), Row.of(layout, image));
    List<Cell> cells = new ArrayList<>();
    layout.columns().forEach(column -> cells.add(row.cell(column.number())));
    return new Image(cells);
  }
}
