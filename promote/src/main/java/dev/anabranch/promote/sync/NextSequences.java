package dev.anabranch.promote.sync;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.predicate.overlay.Drawn;
import dev.anabranch.promote.plan.Generator;
import dev.anabranch.promote.plan.MainTable;
import dev.anabranch.promote.plan.NumberRequest;
import dev.anabranch.promote.plan.SequenceMove;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The sequences of a branch's next life, which go on above every number that its work has drawn.
 *
 * <p>Which numbers were drawn and which somebody chose is told by how far a sequence has come since
 * the fork point. So a number that was chosen must not come to lie among those that are taken for
 * drawn.
 */
final class NextSequences {

  private static final Pattern DIGITS = Pattern.compile("\\d{1,18}");

  private final Connection connection;
  private final Cargo cargo;
  private final Map<Generator, Long> began = new LinkedHashMap<>();

  /**
   * @param connection to the next life, in which nothing has been drawn
   */
  NextSequences(Connection connection, Cargo cargo) throws SQLException {
    this.connection = connection;
    this.cargo = cargo;
    for (MainTable table : cargo.outlook().plan().tables().values()) {
      for (Generator generator : table.generators().values()) {
        began.put(generator, position(generator));
      }
    }
    for (SequenceMove move : cargo.outlook().plan().moves()) {
      began.put(move.generator(), position(move.generator()));
    }
  }

  /**
   * Where the numbers begin that the work has drawn, of sequences of which the image is beyond some
   * of these already: it stands where main's log says, which is ahead of main.
   */
  Map<TableId, Long> starts() {
    Map<TableId, Long> starts = new HashMap<>();
    for (NumberRequest request : cargo.outlook().plan().numbers()) {
      if (request.keepable() && request.value() <= began(request.generator())) {
        starts.put(request.generator().id(), request.generator().position());
      }
    }
    return starts;
  }

  private long began(Generator generator) {
    return Optional.ofNullable(began.get(generator)).orElseThrow();
  }

  private long position(Generator generator) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT last_value, is_called FROM " + generator.sequence())) {
      row.next();
      return row.getBoolean(2) ? row.getLong(1) : row.getLong(1) - generator.increment();
    }
  }

  /**
   * @param meant the units as they are called in the next life
   */
  void moveOn(List<Unit> meant) throws SQLException {
    Map<Generator, Long> targets = new HashMap<>();
    for (NumberRequest request : cargo.outlook().plan().numbers()) {
      if (request.keepable()) {
        targets.merge(request.generator(), request.value(), Math::max);
      }
    }
    for (SequenceMove move : cargo.outlook().plan().moves()) {
      if (wasDrawn(move.generator(), move.value())) {
        targets.merge(move.generator(), move.value(), Math::max);
      }
    }
    for (Map.Entry<Generator, Long> target : targets.entrySet()) {
      moveOn(target.getKey(), target.getValue());
    }
    for (int i = 0; i < meant.size(); i++) {
      requireChosenStayChosen(cargo.units().get(i), meant.get(i));
    }
  }

  private void moveOn(Generator generator, long target) throws SQLException {
    if (position(generator) < target) {
      try (PreparedStatement set =
          connection.prepareStatement("SELECT pg_catalog.setval(?::regclass, ?)")) {
        set.setString(1, generator.sequence());
        set.setLong(2, target);
        set.execute();
      }
    }
  }

  private boolean wasDrawn(Generator generator, long number) {
    return Optional.ofNullable(cargo.outlook().inspection().drawn().get(generator.id()))
        .filter(drawn -> drawn.mayHave(number))
        .isPresent();
  }

  private void requireChosenStayChosen(Unit before, Unit meant) throws SQLException {
    Map<TableId, TableShape> shapes = new HashMap<>();
    before.shapes().forEach(shape -> shapes.put(shape.id(), shape));
    for (int i = 0; i < meant.writes().size(); i++) {
      Optional<Image> was = before.writes().get(i).rowAfter();
      Optional<Image> is = meant.writes().get(i).rowAfter();
      MainTable table = cargo.outlook().plan().tables().get(meant.writes().get(i).table());
      TableShape shape = shapes.get(meant.writes().get(i).table());
      if (was.isPresent() && is.isPresent() && table != null && shape != null) {
        for (Map.Entry<Integer, Generator> column : table.generators().entrySet()) {
          int place = shape.indexOf(column.getKey());
          if (place >= 0 && is.get().sameAt(place, was.get())) {
            requireChosenStaysChosen(column.getValue(), is.get().cells().get(place), shape);
          }
        }
      }
    }
  }

  private void requireChosenStaysChosen(Generator generator, Cell cell, TableShape shape)
      throws SQLException {
    if (cell instanceof Cell.Text(String text) && DIGITS.matcher(text).matches()) {
      long number = Long.parseLong(text);
      long from = starts().getOrDefault(generator.id(), began(generator));
      boolean isDrawn = new Drawn(from, position(generator)).mayHave(number);
      if (isDrawn && !wasDrawn(generator, number)) {
        throw cargo.refused(
            "number "
                + number
                + " of a row of "
                + shape.qualifiedName()
                + " was chosen and not drawn, which could not be told any more; promote it first");
      }
    }
  }
}
