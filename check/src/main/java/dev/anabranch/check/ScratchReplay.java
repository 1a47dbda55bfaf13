package dev.anabranch.check;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Traps;
import dev.anabranch.ledger.Unit;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.footprint.Combining;
import dev.anabranch.predicate.overlay.Numbering;
import dev.anabranch.predicate.timeline.Past;
import dev.anabranch.predicate.timeline.Seen;
import dev.anabranch.predicate.timeline.UnitPaths;
import dev.anabranch.predicate.world.Rehearsal;
import dev.anabranch.predicate.world.World.Ask;
import dev.anabranch.predicate.world.World.Contradiction;
import dev.anabranch.predicate.world.World.Reply;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Asks questions again on a scratch copy of main, each with the branch's writes that it saw laid
 * over main first.
 *
 * <p>Questions that saw the same are asked together, and the copy is led from one state to the next
 * over what they have in common, so that a long past is laid over once and not once for each.
 */
final class ScratchReplay {

  private final Connection connection;
  private final Runnable step;
  private final Traps traps;
  private final SchemaSnapshot schema;
  private final SchemaSnapshot fork;
  private final Numbering numbering;
  private final UnitPaths paths;
  private final Combining combining;
  private final Rerunner reasker;
  private final AmongLocked amongLocked;
  private final Performer performer;

  /**
   * @param connection a superuser's, to the scratch copy; the caller closes it
   * @param observers more such connections
   * @param schema main's definitions there
   * @param fork main's definitions at the fork point
   * @param numbering what the branch's rows are called there
   * @param paths where the code that the branch's rows run looks for names
   * @param combining the columns of main that combine
   * @param step called between two questions; what it throws ends the replay
   */
  ScratchReplay(
      Connection connection,
      Sessions observers,
      String clientRole,
      SchemaSnapshot schema,
      SchemaSnapshot fork,
      Numbering numbering,
      UnitPaths paths,
      Combining combining,
      Runnable step,
      Traps traps)
      throws SQLException {
    this.connection = connection;
    this.step = step;
    this.traps = traps;
    this.schema = schema;
    this.fork = fork;
    this.numbering = numbering;
    this.paths = paths;
    this.combining = combining;
    this.reasker = new Rerunner(connection, clientRole, traps);
    this.amongLocked = new AmongLocked(observers, clientRole, reasker);
    this.performer = new Performer(connection, observers, clientRole, schema, numbering);
    connection.setAutoCommit(false);
  }

  List<Reply> ask(List<Ask> questions) {
    if (questions.isEmpty()) {
      return List.of();
    }
    TreeMap<Layers.State, Map<Optional<Seen.Part>, List<Integer>>> states = new TreeMap<>();
    for (int i = 0; i < questions.size(); i++) {
      Seen seen = questions.get(i).seen();
      states
          .computeIfAbsent(Layers.State.of(seen), ignored -> new LinkedHashMap<>())
          .computeIfAbsent(seen.own(), ignored -> new ArrayList<>())
          .add(i);
    }
    Map<Integer, Reply> replies = new HashMap<>();
    try {
      if (questions.stream().anyMatch(ask -> ask.rehearsal().isPresent())) {
        performer.prepare();
        connection.commit();
      }
      WriteReplayer replayer =
          new WriteReplayer(connection, schema, fork, numbering.names(), paths, combining, traps);
      Layers layers =
          new Layers(connection, replayer, questions.getFirst().seen().past(), states.keySet());
      for (var groups : states.values()) {
        step.run();
        layers.next();
        for (var group : groups.entrySet()) {
          askGroup(group.getKey(), group.getValue(), questions, replayer, replies);
        }
      }
      connection.rollback();
    } catch (SQLException e) {
      throw new AnabranchException(
          ErrorCode.CHECK_FAILED,
          e,
          "laying the branch's writes over main failed: " + Analyst.firstLine(e));
    }
    List<Reply> inOrder = new ArrayList<>();
    for (int i = 0; i < questions.size(); i++) {
      inOrder.add(replies.getOrDefault(i, new Reply.Failed("it was not asked")));
    }
    return inOrder;
  }

  private Reply reply(Ask ask, Set<Contradiction> contradicted) {
    return ask.rehearsal()
        .map(rehearsal -> performer.play(rehearsal, contradicted))
        .orElseGet(() ->
            ask.amongLocked()
                ? amongLocked.ask(ask, contradicted)
                : reasker.ask(ask.answer().question(), contradicted, ask.traced(), ask.clock()));
  }

  /** Questions that saw the same, and the same of their own transaction. */
  private void askGroup(
      Optional<Seen.Part> own,
      List<Integer> places,
      List<Ask> questions,
      WriteReplayer replayer,
      Map<Integer, Reply> replies)
      throws SQLException {
    Savepoint before = connection.setSavepoint();
    Set<Contradiction> contradictedBefore = Set.copyOf(replayer.contradicted());
    Past past = questions.get(places.getFirst()).seen().past();
    if (own.isPresent() && !past.hasLanded(past.placeOf(own.get().unit()))) {
      replayer.apply(List.of(own.get().unit().with(own.get().writes())));
    }
    Set<Contradiction> contradicted = Set.copyOf(replayer.contradicted());
    for (int place : places) {
      step.run();
      Ask ask = questions.get(place);
      List<Unit> takenOff = ask.rehearsal().map(Rehearsal::takenOff).orElse(List.of());
      replies.put(
          place,
          takenOff.isEmpty() ? reply(ask, contradicted) : replyWithout(takenOff, ask, replayer));
    }
    connection.rollback(before);
    connection.releaseSavepoint(before);
    replayer.forgetSince(contradictedBefore);
  }

  /** Executed again in its own place: as if what it wrote had not landed. */
  private Reply replyWithout(List<Unit> takenOff, Ask ask, WriteReplayer replayer)
      throws SQLException {
    Savepoint before = connection.setSavepoint();
    Set<Contradiction> contradictedBefore = Set.copyOf(replayer.contradicted());
    replayer.apply(takenOff);
    Reply reply = reply(ask, Set.copyOf(replayer.contradicted()));
    connection.rollback(before);
    connection.releaseSavepoint(before);
    replayer.forgetSince(contradictedBefore);
    return reply;
  }

  /** Sets what a replaying session needs: no triggers, no foreign keys, nobody to wait for. */
  static void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET session_replication_role = replica");
      statement.execute("SET statement_timeout = '60s'");
    }
  }
}
