package dev.anabranch.predicate.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.OwnWrites;
import dev.anabranch.ledger.Question;
import dev.anabranch.ledger.Result;
import dev.anabranch.ledger.Span;
import dev.anabranch.ledger.Task;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever sessions do at once, what an answer saw is among what the timeline gives: a model knows
 * the true instants of commits and snapshots, the timeline only the spans around them.
 */
class TimelineTest {

  private static final long SEED = Long.getLong("anabranch.seed", 20261128L);
  private static final TableId ROWS = new TableId(1);
  private static final TableId OTHERS = new TableId(2);
  private static final BranchId BRANCH = new BranchId(1);

  @Test
  void whatAnAnswerSawIsAmongTheAlternatives() {
    int known = 0;
    int alone = 0;
    for (int round = 0; round < 400; round++) {
      Model model = new Model(new Random(SEED + round), 2 + round % 5, 60, round % 2 * 20).run();
      Timeline timeline = new Timeline(model.endings, model.units);
      for (Asked asked : model.asked) {
        if (timeline.place(asked.answer(), ROWS::equals)
            instanceof Placement.Known(List<Seen> alternatives)) {
          known++;
          alone += alternatives.size() == 1 ? 1 : 0;
          assertThat(alternatives).hasSizeLessThanOrEqualTo(Orders.MAX_ALTERNATIVES);
          assertThat(alternatives)
              .as("seed " + (SEED + round) + ", answer " + asked.answer().id())
              .anyMatch(seen -> model.isTrue(seen, asked, unit -> true));
        }
      }
    }
    assertThat(known).isGreaterThan(2_000);
    assertThat(alone).as("of " + known).isGreaterThan(known / 3);
  }

  @Test
  void aRuleSwitchedOffIsSeen() {
    boolean wrong = false;
    for (int round = 0; round < 400 && !wrong; round++) {
      Model model = new Model(new Random(SEED + round), 2 + round % 5, 60, round % 2 * 20).run();
      Timeline timeline =
          new Timeline(
              model.endings,
              new Past(model.units, Landed.NOTHING),
              Map.of(),
              Traps.of(Trap.ENDS_ARE_KNOWN));
      wrong =
          model.asked.stream()
              .anyMatch(asked ->
                  timeline.place(asked.answer(), ROWS::equals)
                          instanceof Placement.Known(List<Seen> alternatives)
                      && alternatives.stream()
                          .noneMatch(seen -> model.isTrue(seen, asked, unit -> true)));
    }
    assertThat(wrong).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 20})
  void unitsThatDoNotBearAreGivenOneWayOnly(int lost) {
    for (int round = 0; round < 200; round++) {
      Model model = new Model(new Random(SEED - round), 5, 60, lost).run();
      Timeline timeline = new Timeline(model.endings, model.units);
      Set<Long> bearing = new HashSet<>();
      model.units.stream().filter(unit -> unit.id() % 3 == 0).forEach(u -> bearing.add(u.id()));
      WritesThatMatter scope =
          new WritesThatMatter() {
            @Override
            public boolean reads(TableId table) {
              return table.equals(ROWS);
            }

            @Override
            public boolean bears(Unit unit) {
              return bearing.contains(unit.id());
            }
          };
      for (Asked asked : model.asked) {
        if (timeline.place(asked.answer(), scope)
            instanceof Placement.Known(List<Seen> alternatives)) {
          assertThat(alternatives)
              .anyMatch(seen -> model.isTrue(seen, asked, unit -> bearing.contains(unit.id())));
          // Of one whose end nobody saw, later writes to the same rows are not looked at.
          assertThat(alternatives).allMatch(seen -> lost > 0 || model.isPossible(seen));
        }
      }
    }
  }

  /** Four sessions that never pause, as long as a benchmark runs. */
  @Test
  void aLongPastOfManySessionsIsPlaced() {
    Model model = new Model(new Random(SEED), 8, 40_000, 0).run();
    Timeline timeline = new Timeline(model.endings, model.units);
    int known = 0;
    for (Asked asked : model.asked) {
      known += timeline.place(asked.answer(), ROWS::equals) instanceof Placement.Known ? 1 : 0;
    }
    assertThat(model.units.size()).isGreaterThan(3_000);
    assertThat(known).isGreaterThan(model.asked.size() / 2);
  }

  @Test
  void answersThatSawTheSameOfWhatTheyReadAreToldTo() {
    Model model = new Model(new Random(SEED), 1, 200, 0).run();
    Timeline timeline = new Timeline(model.endings, model.units);
    Set<Placement> places = new HashSet<>();
    model.asked.stream()
        .map(Asked::answer)
        .filter(answer -> !(answer.ownWrites() instanceof OwnWrites.Unknown))
        .forEach(answer -> places.add(timeline.place(answer, table -> false)));
    assertThat(places).hasSize(1);
  }

  private record Asked(Answer answer, long snapshot) {}

  /** Sessions that write rows, one after the other each, and what happened in truth. */
  private static final class Model {

    private static final TableShape SHAPE =
        new TableShape(ROWS, "public", "rows", List.of(new Column(1, "id", 23, -1, true)));
    private static final TableShape OTHER =
        new TableShape(OTHERS, "public", "others", List.of(new Column(1, "id", 23, -1, true)));

    private final Random random;
    private final int events;
    private final int lost;
    private final List<Session> sessions = new ArrayList<>();
    private final List<Ending> endings = new ArrayList<>();
    private final List<Asked> asked = new ArrayList<>();
    private List<Unit> units = new ArrayList<>();
    private final Map<Long, Long> commits = new HashMap<>();
    private final Set<Integer> locked = new HashSet<>();
    private long now;
    private long ids;

    /** One session's transaction, if it has one, and what it is in the middle of. */
    private static final class Session {
      private UUID id = UUID.randomUUID();
      private long transaction = 1;
      private long began;
      private boolean open;
      private final List<Write> writes = new ArrayList<>();
      private final Set<Integer> rows = new HashSet<>();
      private OptionalLong xid = OptionalLong.empty();
      private long committing = -1;
      private long committed = -1;
      private boolean lost;
      private long asking = -1;
      private long snapshot = -1;
      private Optional<Lsn> sawOwn = Optional.empty();
    }

    /**
     * @param lost how many of a hundred commits are done only after the client is gone
     */
    Model(Random random, int sessions, int events, int lost) {
      this.random = random;
      this.lost = lost;
      this.events = events;
      for (int i = 0; i < sessions; i++) {
        this.sessions.add(new Session());
      }
    }

    Model run() {
      for (int i = 0; i < events; i++) {
        now++;
        act(sessions.get(random.nextInt(sessions.size())));
      }
      units.sort(Comparator.comparing(Unit::commitLsn));
      return this;
    }

    private void act(Session session) {
      if (session.committing >= 0) {
        finishCommit(session);
      } else if (session.asking >= 0) {
        finishAsking(session);
      } else if (random.nextInt(3) == 0) {
        session.asking = now;
        session.sawOwn = session.writes.isEmpty() ? Optional.empty() : Optional.of(lsn());
      } else if (session.open && random.nextInt(2) == 0) {
        session.committing = now;
      } else {
        write(session);
      }
    }

    private Lsn lsn() {
      return new Lsn(now * 10);
    }

    private void begin(Session session) {
      if (!session.open) {
        session.open = true;
        session.began = now;
      }
    }

    private void write(Session session) {
      begin(session);
      int row = random.nextInt(12);
      if (locked.contains(row) && !session.rows.contains(row)) {
        return;
      }
      locked.add(row);
      session.rows.add(row);
      boolean known = session.xid.isPresent() || random.nextInt(4) > 0;
      session.xid = known ? OptionalLong.of(1_000 + ++ids) : OptionalLong.empty();
      Image image = new Image(List.of(new Cell.Text(Integer.toString(row))));
      TableId table = row < 8 ? ROWS : OTHERS;
      session.writes.add(new Write.Update(table, new Lsn(now * 10 - 1), image, image));
    }

    /** The commit itself comes at one of the session's turns, its completion at the next. */
    private void finishCommit(Session session) {
      if (session.committed < 0 && !session.lost && random.nextInt(100) < lost) {
        // The client is gone, and the commit is under way all the same.
        session.lost = true;
        endings.add(ending(session, Ending.Kind.UNKNOWN));
        return;
      }
      if (session.committed < 0) {
        session.committed = now;
        locked.removeAll(session.rows);
        return;
      }
      if (!session.lost) {
        endings.add(ending(session, Ending.Kind.COMMITTED));
      }
      if (!session.writes.isEmpty()) {
        units.add(
            new Unit(
                session.committed,
                BRANCH,
                session.xid.orElse(500_000_000 + session.committed),
                new Lsn(session.committed * 10),
                Instant.ofEpochSecond(session.committed),
                List.of(SHAPE, OTHER),
                session.writes));
        commits.put(session.committed, session.committed);
      }
      end(session);
    }

    private Ending ending(Session session, Ending.Kind kind) {
      return new Ending(
          BRANCH,
          session.id,
          new Task.SessionAlone(),
          session.transaction,
          kind,
          new Span(session.committing, now),
          Instant.ofEpochSecond(session.committing),
          Instant.ofEpochSecond(now),
          session.writes.isEmpty() ? OptionalLong.empty() : session.xid,
          Optional.empty());
    }

    private static void end(Session session) {
      if (session.lost) {
        session.lost = false;
        session.id = UUID.randomUUID();
        session.transaction = 0;
      }
      session.transaction++;
      session.open = false;
      session.writes.clear();
      session.rows.clear();
      session.xid = OptionalLong.empty();
      session.committing = -1;
      session.committed = -1;
    }

    private void finishAsking(Session session) {
      if (session.snapshot < 0) {
        session.snapshot = now;
        return;
      }
      OwnWrites own =
          session.sawOwn.isEmpty()
              ? new OwnWrites.None()
              : session.xid.isPresent()
                  ? new OwnWrites.UpTo(session.xid.getAsLong(), session.sawOwn.get())
                  : new OwnWrites.Unknown("its transaction has no id");
      TreeMap<String, String> settings =
          new TreeMap<>(Map.of("transaction_isolation", "read committed"));
      asked.add(
          new Asked(
              new Answer(
                  now,
                  BRANCH,
                  session.id,
                  new Task.SessionAlone(),
                  session.transaction,
                  session.open ? session.began : session.asking,
                  new Span(session.asking, now),
                  own,
                  new Question("SELECT 1", List.of(), settings),
                  new Result(List.of(), 0, true, true, 0, 0, Optional.empty()),
                  "SELECT 0",
                  Instant.ofEpochSecond(session.asking)),
              session.snapshot));
      if (!session.open) {
        session.transaction++;
      }
      session.asking = -1;
      session.snapshot = -1;
    }

    boolean isTrue(Seen seen, Asked asked, java.util.function.Predicate<Unit> looked) {
      for (int place = 0; place < units.size(); place++) {
        Unit unit = units.get(place);
        boolean own =
            asked.answer().ownWrites() instanceof OwnWrites.UpTo(long id, Lsn ignored)
                && id == unit.transactionId();
        boolean reads = unit.writes().stream().anyMatch(write -> write.table().equals(ROWS));
        boolean truth = !own && unit.id() < asked.snapshot();
        if (reads && looked.test(unit) && seen.sees(place) != truth) {
          return false;
        }
        if (own && reads && seen.own().isEmpty()) {
          return false;
        }
      }
      return true;
    }

    /** Nothing is seen without what was written to the same row before. */
    boolean isPossible(Seen seen) {
      Set<String> unseen = new HashSet<>();
      for (int place = 0; place < units.size(); place++) {
        Unit unit = units.get(place);
        boolean reads = unit.writes().stream().anyMatch(write -> write.table().equals(ROWS));
        boolean own = seen.own().filter(part -> part.unit().id() == unit.id()).isPresent();
        for (Write write : unit.writes()) {
          String row = write.table() + write.toString().replaceAll("lsn=[^,]*", "");
          if (reads && !own && seen.sees(place) && unseen.contains(row)) {
            return false;
          }
          if (reads && !own && !seen.sees(place)) {
            unseen.add(row);
          }
        }
      }
      return true;
    }
  }
}
