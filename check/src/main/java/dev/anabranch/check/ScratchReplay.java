package dev.anabranch.check;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.TableId;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.World.Ask;
import dev.anabranch.predicate.World.Contradiction;
import dev.anabranch.predicate.World.Reply;
import dev.anabranch.predicate.timeline.Seen;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Asks questions again on a scratch copy of main, each with the branch's writes that it saw laid
 * over main first.
 *
 * <p>Questions that saw the same are asked together. The writes with which all that are left begin
 * are applied for good; the rest inside a transaction that is rolled back.
 */
final class ScratchReplay {

  private final Connection connection;
  private final Reasker reasker;
  private final WriteReplayer replayer;
  private final Set<Long> applied = new HashSet<>();

  /**
   * @param connection a superuser's, to the scratch copy; the caller closes it
   * @param schema main's definitions there
   */
  ScratchReplay(Connection connection, String clientRole, SchemaSnapshot schema)
      throws SQLException {
    this.connection = connection;
    this.replayer = new WriteReplayer(connection, schema);
    this.reasker = new Reasker(connection, clientRole);
    connection.setAutoCommit(false);
  }

  /** What questions have in common. */
  private record State(List<Long> units, List<Write> own) {
    static State of(Seen seen) {
      return new State(
          seen.units().stream().map(Unit::id).toList(),
          seen.own().map(Seen.Part::writes).orElse(List.of()));
    }
  }

  List<Reply> ask(List<Ask> questions) {
    Map<State, List<Integer>> byState = new LinkedHashMap<>();
    for (int i = 0; i < questions.size(); i++) {
      byState
          .computeIfAbsent(State.of(questions.get(i).seen()), ignored -> new ArrayList<>())
          .add(i);
    }
    List<List<Integer>> groups =
        byState.entrySet().stream()
            .sorted(Comparator.comparingInt(entry -> entry.getKey().units().size()))
            .map(Map.Entry::getValue)
            .toList();
    Map<Integer, Reply> replies = new HashMap<>();
    for (int i = 0; i < groups.size(); i++) {
      Set<Long> forGood = forGood(groups.subList(i, groups.size()), questions);
      askGroup(
          groups.get(i).stream().collect(Collectors.toMap(n -> n, questions::get)),
          forGood,
          replies);
    }
    List<Reply> inOrder = new ArrayList<>();
    for (int i = 0; i < questions.size(); i++) {
      inOrder.add(replies.getOrDefault(i, new Reply.Failed("it was not asked")));
    }
    return inOrder;
  }

  /**
   * The units that all groups have seen and that may come before whatever else they have seen: no
   * unit that is laid over main later, although it was earlier on the branch, wrote to their
   * tables.
   */
  private static Set<Long> forGood(List<List<Integer>> groups, List<Ask> questions) {
    SortedMap<Long, Unit> all = new TreeMap<>();
    Map<Long, Integer> seenBy = new HashMap<>();
    for (List<Integer> group : groups) {
      for (Unit unit : questions.get(group.getFirst()).seen().units()) {
        all.put(unit.id(), unit);
        seenBy.merge(unit.id(), 1, Integer::sum);
      }
    }
    Set<Long> forGood = new HashSet<>();
    Set<TableId> later = new HashSet<>();
    for (Unit unit : all.values()) {
      Set<TableId> tables = unit.writes().stream().map(Write::table).collect(Collectors.toSet());
      if (seenBy.getOrDefault(unit.id(), 0) == groups.size()
          && Collections.disjoint(tables, later)) {
        forGood.add(unit.id());
      } else {
        later.addAll(tables);
      }
    }
    return forGood;
  }

  private void askGroup(Map<Integer, Ask> group, Set<Long> forGood, Map<Integer, Reply> replies) {
    Seen seen = group.values().iterator().next().seen();
    try {
      for (Unit unit : seen.units()) {
        if (forGood.contains(unit.id()) && !applied.contains(unit.id())) {
          replayer.apply(unit.writes());
          applied.add(unit.id());
        }
      }
      connection.commit();
      Set<Contradiction> contradictedForGood = Set.copyOf(replayer.contradicted());
      List<Unit> rest = seen.units().stream().filter(unit -> !applied.contains(unit.id())).toList();
      for (Unit unit : rest) {
        replayer.apply(unit.writes());
      }
      if (seen.own().isPresent()) {
        replayer.apply(seen.own().get().writes());
      }
      Set<Contradiction> contradicted = Set.copyOf(replayer.contradicted());
      group.forEach(
          (place, ask) -> replies.put(place, reasker.ask(ask.answer().question(), contradicted)));
      connection.rollback();
      replayer.forgetSince(contradictedForGood);
    } catch (SQLException e) {
      throw new AnabranchException(
          ErrorCode.CHECK_FAILED,
          e,
          "laying the branch's writes over main failed: " + Analyst.firstLine(e));
    }
  }

  /** Sets what a replaying session needs: no triggers, no foreign keys, nobody to wait for. */
  static void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET session_replication_role = replica");
      statement.execute("SET statement_timeout = '60s'");
    }
  }
}
