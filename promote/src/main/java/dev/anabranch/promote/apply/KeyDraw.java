package dev.anabranch.promote.apply;

import dev.anabranch.base.Identifiers;
import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.promote.apply.RowStatements.MovedException;
import dev.anabranch.promote.plan.Generator;
import dev.anabranch.promote.plan.MainTable;
import dev.anabranch.promote.plan.NumberRequest;
import dev.anabranch.promote.plan.Plan;
import dev.anabranch.promote.plan.SequenceMove;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Draws numbers from main's sequences for rows that the branch numbered from its copies of them,
 * and moves the sequences past all such numbers that land.
 *
 * <p>Only {@code nextval} is used: what it returns belongs to this promotion alone, whoever else
 * draws, and no sequence ever goes back. Before the rows are written only those get a number that
 * can't keep theirs; the rest is drawn when everything has been written and verified, so that an
 * attempt that main refuses costs no numbers.
 */
final class KeyDraw {

  private static final int ROUNDS = 100;

  private final Connection connection;
  private final NumberPool pool;
  private final Traps traps;
  private final Map<NumberRequest, Long> drawn = new HashMap<>();

  KeyDraw(Connection connection, NumberPool pool, Traps traps) {
    this.traps = traps;
    this.connection = connection;
    this.pool = pool;
  }

  /** Main's number for each request of the plan. */
  Map<NumberRequest, Long> draw(Plan plan) throws SQLException {
    Map<Generator, List<NumberRequest>> bySequence = new LinkedHashMap<>();
    for (NumberRequest request : plan.numbers()) {
      if (request.keepable()) {
        drawn.put(request, request.value());
      } else {
        bySequence.computeIfAbsent(request.generator(), _ -> new ArrayList<>()).add(request);
      }
    }
    for (var entry : bySequence.entrySet()) {
      number(plan, entry.getKey(), entry.getValue());
    }
    return drawn;
  }

  /**
   * Moves main's sequences past what is about to land.
   *
   * @throws MovedException when a number that lands has been given to somebody else meanwhile
   */
  void moveOn(Plan plan) throws SQLException, MovedException {
    if (traps.has(Trap.SEQUENCES_STAND)) {
      return;
    }
    Map<Generator, Long> targets = new LinkedHashMap<>();
    Map<Generator, Set<Long>> exact = new LinkedHashMap<>();
    for (NumberRequest request : plan.numbers()) {
      if (request.keepable()) {
        targets.merge(request.generator(), request.value(), Math::max);
        exact.computeIfAbsent(request.generator(), _ -> new HashSet<>()).add(request.value());
      }
    }
    for (SequenceMove move : plan.moves()) {
      targets.merge(move.generator(), move.value(), Math::max);
      if (move.drawn()
          && (move.value() - move.generator().position()) % move.generator().increment() == 0) {
        exact.computeIfAbsent(move.generator(), _ -> new HashSet<>()).add(move.value());
      }
    }
    for (var target : targets.entrySet()) {
      Generator generator = target.getKey();
      moveOn(generator, target.getValue());
      if (!pool.of(generator.id()).containsAll(exact.getOrDefault(generator, Set.of()))) {
        throw new MovedException(
            "sequence " + generator.sequence() + " gave others numbers that the branch had drawn");
      }
    }
  }

  private void moveOn(Generator generator, long target) throws SQLException {
    for (int round = 0; round < ROUNDS; round++) {
      long missing = target - position(generator);
      if (missing <= 0) {
        return;
      }
      long step = generator.increment();
      pool.of(generator.id()).addAll(next(generator, (missing + step - 1) / step));
    }
    throw new SQLException("sequence " + generator.sequence() + " does not move on");
  }

  private long position(Generator generator) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery("SELECT last_value, is_called FROM " + generator.sequence())) {
      result.next();
      return result.getBoolean(2) ? result.getLong(1) : result.getLong(1) - generator.increment();
    }
  }

  /** Gives rows the lowest of our numbers that are free in their tables. */
  private void number(Plan plan, Generator generator, List<NumberRequest> requests)
      throws SQLException {
    Set<Long> kept = new HashSet<>();
    plan.numbers().stream()
        .filter(one -> one.keepable() && one.generator().id().equals(generator.id()))
        .forEach(one -> kept.add(one.value()));
    NavigableSet<Long> ours = new TreeSet<>(pool.of(generator.id()));
    ours.removeAll(kept);
    drawn.forEach((request, value) -> {
      if (request.generator().id().equals(generator.id())) {
        ours.remove(value);
      }
    });
    Map<Place, List<NumberRequest>> byPlace = new LinkedHashMap<>();
    for (NumberRequest request : requests) {
      byPlace
          .computeIfAbsent(new Place(request.table(), request.column()), _ -> new ArrayList<>())
          .add(request);
    }
    for (Map.Entry<Place, List<NumberRequest>> entry : byPlace.entrySet()) {
      int open = entry.getValue().size();
      NavigableSet<Long> free = free(plan, entry.getKey(), ours);
      for (int round = 0; free.size() < open; round++) {
        if (round == ROUNDS) {
          throw new SQLException(
              "sequence " + generator.sequence() + " gives out no number that is free");
        }
        NavigableSet<Long> more = new TreeSet<>(next(generator, open - free.size()));
        pool.of(generator.id()).addAll(more);
        more.removeAll(kept);
        ours.addAll(more);
        free.addAll(free(plan, entry.getKey(), more));
      }
      for (NumberRequest request : entry.getValue()) {
        long value = free.contains(request.value()) ? request.value() : free.first();
        free.remove(value);
        ours.remove(value);
        drawn.put(request, value);
      }
    }
  }

  private record Place(TableId table, int column) {}

  private NavigableSet<Long> free(Plan plan, Place place, NavigableSet<Long> values)
      throws SQLException {
    MainTable table = Objects.requireNonNull(plan.tables().get(place.table()));
    TreeSet<Long> free = new TreeSet<>(values);
    free.removeAll(taken(table, place.column(), values));
    return free;
  }

  private List<Long> next(Generator generator, long count) throws SQLException {
    List<Long> values = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT nextval(?::regclass) FROM generate_series(1, ?)")) {
      statement.setString(1, generator.sequence());
      statement.setLong(2, count);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          values.add(result.getLong(1));
        }
      }
    }
    return values;
  }

  private List<Long> taken(MainTable table, int column, NavigableSet<Long> values)
      throws SQLException {
    String name = Identifiers.quote(table.columnName(column));
    List<Long> taken = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT "
                + name
                + " FROM "
                + table.shape().quotedName()
                + " WHERE "
                + name
                + " = ANY (?)")) {
      statement.setArray(1, connection.createArrayOf("int8", values.toArray()));
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          taken.add(result.getLong(1));
        }
      }
    }
    return taken;
  }
}
