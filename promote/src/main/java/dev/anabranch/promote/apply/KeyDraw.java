package dev.anabranch.promote.apply;

import dev.anabranch.base.Identifiers;
import dev.anabranch.base.TableId;
import dev.anabranch.promote.plan.Generator;
import dev.anabranch.promote.plan.MainTable;
import dev.anabranch.promote.plan.NumberRequest;
import dev.anabranch.promote.plan.Plan;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Draws keys from main's sequences for rows that the branch numbered from its copies of them.
 *
 * <p>Only {@code nextval} is used: what it returns belongs to this promotion alone, whoever else
 * draws, and main's sequence ends up past every key that lands. A row keeps the branch's number
 * when that number is among those drawn. Numbers drawn and not used are gaps, as after any rolled
 * back transaction.
 */
final class KeyDraw {

  /**
   * How far beyond main's position a row may keep its number; farther, the gap would cost more than
   * a new number.
   */
  private static final long KEEPING_REACH = 10_000;

  private static final int ROUNDS = 100;

  private final Connection connection;
  private final Map<NumberRequest, Long> drawn = new HashMap<>();

  KeyDraw(Connection connection) {
    this.connection = connection;
  }

  /** Main's number for each request of the plan. */
  Map<NumberRequest, Long> draw(Plan plan) throws SQLException {
    Map<String, List<NumberRequest>> bySequence = new LinkedHashMap<>();
    for (NumberRequest request : plan.numbers()) {
      bySequence
          .computeIfAbsent(request.generator().sequence(), _ -> new ArrayList<>())
          .add(request);
    }
    for (List<NumberRequest> requests : bySequence.values()) {
      draw(plan, requests);
    }
    return drawn;
  }

  private void draw(Plan plan, List<NumberRequest> requests) throws SQLException {
    Generator generator = requests.getFirst().generator();
    long reach = generator.position() + (KEEPING_REACH + requests.size()) * generator.increment();
    Set<NumberRequest> keeping =
        requests.stream()
            .filter(one -> one.keepable() && one.value() <= reach)
            .collect(Collectors.toSet());
    long highest =
        keeping.stream().mapToLong(NumberRequest::value).max().orElse(generator.position());
    long span =
        (highest - generator.position() + Math.abs(generator.increment()) - 1)
            / Math.abs(generator.increment());
    TreeSet<Long> ours = new TreeSet<>(next(generator, Math.max(requests.size(), span)));
    List<NumberRequest> others = new ArrayList<>();
    for (NumberRequest request : requests) {
      if (keeping.contains(request) && ours.remove(request.value())) {
        drawn.put(request, request.value());
      } else {
        others.add(request);
      }
    }
    number(plan, generator, others, ours);
  }

  /** Gives the rest the lowest of our numbers that are free in their tables. */
  private void number(
      Plan plan, Generator generator, List<NumberRequest> requests, NavigableSet<Long> ours)
      throws SQLException {
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
        free.addAll(free(plan, entry.getKey(), new TreeSet<>(next(generator, open - free.size()))));
      }
      for (NumberRequest request : entry.getValue()) {
        long value = Objects.requireNonNull(free.pollFirst());
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
