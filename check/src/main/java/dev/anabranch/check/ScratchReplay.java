package dev.anabranch.check;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Traps;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.footprint.Combining;
import dev.anabranch.predicate.overlay.Numbering;
import dev.anabranch.predicate.timeline.Past;
import dev.anabranch.predicate.timeline.Seen;
import dev.anabranch.predicate.timeline.TakenOff;
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
import java.util.Objects;
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
final class ScratchReplay implements AutoCloseable {

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
  private final Observer observer;
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
    this.observer = new Observer(observers);
    this.performer = new Performer(connection, observer, clientRole, schema, numbering);
    connection.setAutoCommit(false);
  }

  List<Reply> ask(List<Ask> questions) {
    if (questions.isEmpty()) {
      return List.of();
    }
    Map<Set<Long>, List<Integer>> places = new LinkedHashMap<>();
    for (int i = 0; i < questions.size(); i++) {
      places.computeIfAbsent(takenOff(questions.get(i)).units(), _ -> new ArrayList<>()).add(i);
    }
    // What it lays over is committed where it can be, so nothing can be taken off after it.
    List<Integer> asItIs = Objects.requireNonNullElse(places.remove(Set.of()), List.of());
    Map<Integer, Reply> replies = new HashMap<>();
    try {
      if (questions.stream().anyMatch(ask -> ask.rehearsal().isPresent())) {
        performer.prepare();
        connection.commit();
      }
      WriteReplayer replayer =
          new WriteReplayer(connection, schema, fork, numbering.names(), paths, combining, traps);
      for (List<Integer> group : places.values()) {
        TakenOff takenOff = takenOff(questions.get(group.getFirst()));
        askWithout(takenOff, group, questions, replayer, replies);
      }
      ask(TakenOff.NOTHING, asItIs, questions, replayer, replies);
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

  private static TakenOff takenOff(Ask ask) {
    return ask.rehearsal().map(Rehearsal::takenOff).orElse(TakenOff.NOTHING);
  }

  /** On a copy that is, for the while, as if some of the branch's work had not landed. */
  private void askWithout(
      TakenOff takenOff,
      List<Integer> places,
      List<Ask> questions,
      WriteReplayer replayer,
      Map<Integer, Reply> replies)
      throws SQLException {
    forTheWhile(
        replayer,
        () -> {
          replayer.apply(takenOff.inverses());
          ask(takenOff, places, questions, replayer, replies);
        });
  }

  /** What is done to a copy and undone again. */
  private interface Work {
    void done() throws SQLException;
  }

  private void forTheWhile(WriteReplayer replayer, Work work) throws SQLException {
    Savepoint savepoint = connection.setSavepoint();
    WriteReplayer.Noted before = replayer.noted();
    work.done();
    connection.rollback(savepoint);
    connection.releaseSavepoint(savepoint);
    replayer.forgetSince(before);
  }

  /** All that are asked on a copy from which the same was taken off. */
  private void ask(
      TakenOff takenOff,
      List<Integer> places,
      List<Ask> questions,
      WriteReplayer replayer,
      Map<Integer, Reply> replies)
      throws SQLException {
    TreeMap<Layers.State, Map<Optional<Seen.Part>, List<Integer>>> states = new TreeMap<>();
    for (int place : places) {
      Seen seen = questions.get(place).seen();
      states
          .computeIfAbsent(Layers.State.of(seen), ignored -> new LinkedHashMap<>())
          .computeIfAbsent(seen.own(), ignored -> new ArrayList<>())
          .add(place);
    }
    Layers layers =
        new Layers(
            connection, replayer, questions.getFirst().seen().past(), states.keySet(), takenOff);
    for (var groups : states.values()) {
      step.run();
      layers.next();
      for (var group : groups.entrySet()) {
        forTheWhile(
            replayer,
            () -> askGroup(group.getKey(), group.getValue(), questions, replayer, replies));
      }
    }
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
    Past past = questions.get(places.getFirst()).seen().past();
    if (own.isPresent() && !past.isLanded(own.get().unit())) {
      replayer.apply(List.of(own.get().unit().with(own.get().writes())));
    }
    Set<Contradiction> contradicted = Set.copyOf(replayer.contradicted());
    for (int place : places) {
      step.run();
      replies.put(place, reply(questions.get(place), contradicted));
    }
  }

  @Override
  public void close() throws SQLException {
    observer.close();
  }

  /** Sets what a replaying session needs: no triggers, no foreign keys, nobody to wait for. */
  static void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET session_replication_role = replica");
      statement.execute("SET statement_timeout = '60s'");
    }
  }
}
