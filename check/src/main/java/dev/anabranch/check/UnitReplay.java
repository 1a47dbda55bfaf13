package dev.anabranch.check;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Does a branch's transactions again on a copy of main, row by row and in the same order: an update
 * sets only the columns that it changed. No trigger fires, for what triggers wrote is among the
 * writes.
 *
 * <p>It is stricter than {@link RowLayer}, which only has to say where it may not be believed: here
 * each cell that is written has to be as the branch found it, or nothing is written at all. Each
 * write is one row of one table in the log, as it was on the branch.
 */
public final class UnitReplay {

  private final Connection connection;
  private final RowReader reader;
  private final Overruled overruled;

  /** The rows of which it was decided that the branch's are right, whatever main has there. */
  public interface Overruled {
    boolean has(TableShape shape, Key key);
  }

  /** A write does not fit what is there. */
  public static final class UnfitException extends Exception {
    private static final long serialVersionUID = 1L;

    UnfitException(String why) {
      super(why);
    }
  }

  /**
   * @param connection a superuser's; it writes without triggers from here on
   */
  public UnitReplay(Connection connection, Overruled overruled) throws SQLException {
    this.connection = connection;
    this.reader = new RowReader(connection);
    this.overruled = overruled;
    ScratchReplay.prepare(connection);
    connection.setAutoCommit(false);
  }

  /**
   * Commits one unit.
   *
   * @param unit as it is called there
   * @param searchPath where the code that its rows run looks for names
   * @return the whole transaction's id
   * @throws UnfitException when something else is there than the branch found; nothing of the unit
   *     is written then
   * @throws SQLException when a constraint refuses a row
   */
  public long play(Unit unit, String searchPath) throws SQLException, UnfitException {
    try {
      setPath(searchPath);
      Map<TableId, TableShape> shapes = new HashMap<>();
      unit.shapes().forEach(shape -> shapes.put(shape.id(), shape));
      for (Write write : unit.writes()) {
        TableShape shape = shapes.get(write.table());
        if (shape == null || !write.isWhole()) {
          throw new UnfitException("what it wrote is not wholly known");
        }
        play(shape, write);
      }
      long id = transactionId();
      connection.commit();
      return id;
    } catch (SQLException | UnfitException | RuntimeException e) {
      connection.rollback();
      throw e;
    }
  }

  private void setPath(String path) throws SQLException {
    try (PreparedStatement set =
        connection.prepareStatement("SELECT pg_catalog.set_config('search_path', ?, true)")) {
      set.setString(1, path);
      set.execute();
    }
  }

  private long transactionId() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT pg_catalog.pg_current_xact_id()::text::int8")) {
      row.next();
      return row.getLong(1);
    }
  }

  private void play(TableShape shape, Write write) throws SQLException, UnfitException {
    RowSql sql = new RowSql(connection, shape);
    boolean done =
        switch (write) {
          case Write.Insert insert ->
              sql.insert(RowSql.sent(insert.after()), List.of(insert.after()));
          case Write.Update update -> update(sql, update.before(), update.after());
          case Write.Delete delete -> delete(sql, delete.before());
          case Write.Truncate ignored ->
              throw new UnfitException("table " + shape.qualifiedName() + " was truncated");
        };
    if (!done) {
      throw new UnfitException("a row of " + shape.qualifiedName() + " could not be written");
    }
  }

  private boolean update(RowSql sql, Image before, Image after)
      throws SQLException, UnfitException {
    TableShape shape = sql.shape();
    Image current = current(shape, before);
    List<Integer> changed = RowLayer.changed(before, after);
    for (int place : changed) {
      requireFound(shape, before, current, place);
    }
    return sql.update(
        changed.isEmpty() ? List.of(unchanged(shape)) : changed,
        Map.of(shape.keyOf(before), changed.isEmpty() ? current : after));
  }

  /** Of a row that was written as it was, something has to be said. */
  private static int unchanged(TableShape shape) {
    for (int place = 0; place < shape.columns().size(); place++) {
      if (!shape.columns().get(place).inKey()) {
        return place;
      }
    }
    return 0;
  }

  private boolean delete(RowSql sql, Image before) throws SQLException, UnfitException {
    TableShape shape = sql.shape();
    Image current = current(shape, before);
    for (int place = 0; place < shape.columns().size(); place++) {
      requireFound(shape, before, current, place);
    }
    return sql.delete(List.of(shape.keyOf(before)));
  }

  private void requireFound(TableShape shape, Image before, Image current, int place)
      throws UnfitException {
    boolean isKey = shape.columns().get(place).inKey();
    if (!current.sameAt(place, before) && (isKey || !overruled.has(shape, shape.keyOf(before)))) {
      throw new UnfitException(
          named(shape, before)
              + " has another "
              + shape.columns().get(place).name()
              + " on main than the branch found");
    }
  }

  private Image current(TableShape shape, Image before) throws SQLException, UnfitException {
    if (!shape.hasKey()) {
      throw new UnfitException(
          "a row of "
              + shape.qualifiedName()
              + " was changed or removed, and the table has no key to find it by");
    }
    Optional<Image> found =
        reader.read(shape, List.of(shape.keyOf(before))).values().stream().findFirst();
    return found.orElseThrow(
        () -> new UnfitException(named(shape, before) + " is not there on main"));
  }

  private static String named(TableShape shape, Image row) {
    List<String> cells = new ArrayList<>();
    List<String> key = shape.keyOf(row).values();
    for (int i = 0; i < key.size(); i++) {
      cells.add(shape.keyColumns().get(i).name() + "=" + key.get(i));
    }
    return "row " + String.join(", ", cells) + " of " + shape.qualifiedName();
  }
}
