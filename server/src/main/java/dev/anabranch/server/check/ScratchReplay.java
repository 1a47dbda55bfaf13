package dev.anabranch.server.check;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.TableId;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.World.Ask;
import dev.anabranch.predicate.World.Reply;
import dev.anabranch.predicate.timeline.Seen;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Asks questions again on a scratch copy of main, each with the branch's writes that it saw laid
 * over main first.
 *
 * <p>Questions that saw the same are asked together. What all that are left have seen is applied
 * for good; the rest inside a transaction that is rolled back.
 */
final class ScratchReplay {

  private final Connection connection;
  private final Reasker reasker;
  private final WriteReplayer replayer;
  private final Set<Long> applied = new HashSet<>();
  private long lastApplied;

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
      Set<Long> common = common(groups.subList(i, groups.size()), questions);
      askGroup(
          groups.get(i).stream().collect(Collectors.toMap(n -> n, questions::get)),
          common,
          replies);
    }
    List<Reply> inOrder = new ArrayList<>();
    for (int i = 0; i < questions.size(); i++) {
      inOrder.add(replies.getOrDefault(i, new Reply.Failed("it was not asked")));
    }
    return inOrder;
  }

  private static Set<Long> common(List<List<Integer>> groups, List<Ask> questions) {
    Set<Long> common = null;
    for (List<Integer> group : groups) {
      List<Long> ids =
          questions.get(group.getFirst()).seen().units().stream().map(Unit::id).toList();
      if (common == null) {
        common = new HashSet<>(ids);
      } else {
        common.retainAll(ids);
      }
    }
    return common == null ? Set.of() : common;
  }

  private void askGroup(Map<Integer, Ask> group, Set<Long> common, Map<Integer, Reply> replies) {
    Seen seen = group.values().iterator().next().seen();
    try {
      for (Unit unit : seen.units()) {
        if (common.contains(unit.id()) && !applied.contains(unit.id())) {
          replayer.apply(unit.writes());
          applied.add(unit.id());
          lastApplied = Math.max(lastApplied, unit.id());
        }
      }
      connection.commit();
      Set<TableId> contradictedForGood = Set.copyOf(replayer.contradicted());
      List<Unit> rest = seen.units().stream().filter(unit -> !applied.contains(unit.id())).toList();
      boolean outOfOrder = rest.stream().anyMatch(unit -> unit.id() < lastApplied);
      for (Unit unit : rest) {
        replayer.apply(unit.writes());
      }
      if (seen.own().isPresent()) {
        replayer.apply(seen.own().get().writes());
      }
      Set<TableId> contradicted = Set.copyOf(replayer.contradicted());
      group.forEach((place, ask) ->
          replies.put(
              place,
              outOfOrder
                  ? new Reply.Failed(
                      "the writes that it saw can't be laid over main in their order")
                  : reasker.ask(ask.answer().question(), contradicted)));
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
