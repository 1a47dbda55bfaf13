package dev.anabranch.promote.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.TableId;
import dev.anabranch.branch.TaskBy;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Grouping and dependencies against models that are slow and plain. */
final class TaskPropertiesTest {

  private static final List<Task> TASKS =
      List.of(
          new Task.Work("ann", "psql", "a"),
          new Task.Work("ann", "psql", "b"),
          new Task.Work("ann", "shop", "b"),
          new Task.Named("n"),
          new Task.Traced("0af7651916cd43dd8448eb211c80319c"),
          new Task.SessionAlone());

  /** One entry that tells when a session was at work. */
  private record Entry(Task task, UUID session, Instant from, Instant to) {}

  @Property(tries = 300)
  void aTransactionRestsOnWhatThePlainModelSays(@ForAll long seed) {
    Random random = new Random(seed);
    Past past = new Past();
    int minute = 0;
    for (int i = 0; i < 40; i++) {
      minute += random.nextInt(4) == 0 ? random.nextInt(40) : 0;
      int session = random.nextInt(5);
      Task task = TASKS.get(random.nextInt(TASKS.size()));
      if (random.nextBoolean()) {
        past.ask(session, i / 8, task, minute);
      } else {
        past.end(session, i / 8, task, minute);
      }
    }
    for (TaskBy by : TaskBy.values()) {
      for (Ending ending : past.endings) {
        assertThat(past.restsOn(ending, by)).isEqualTo(plainly(past, ending, by));
      }
    }
  }

  private static List<Long> plainly(Past past, Ending ending, TaskBy by) {
    Set<Task> tasks = new HashSet<>(Set.of(ending.task()));
    past.answers.stream()
        .filter(answer -> isOwn(answer, ending))
        .forEach(answer -> tasks.add(answer.task()));
    boolean said = by != TaskBy.BRANCH && tasks.stream().anyMatch(TaskPropertiesTest::isSaid);
    List<Long> rests = new ArrayList<>();
    for (Answer answer : past.answers) {
      boolean before = answer.span().begin() <= ending.span().end();
      boolean together =
          said
              ? isSaid(answer.task()) && tasks.contains(answer.task())
              : by == TaskBy.BRANCH
                  || (!isSaid(answer.task())
                      && tasks.stream().anyMatch(task -> together(past, ending, task, answer, by)));
      if (isOwn(answer, ending) || (before && together)) {
        rests.add(answer.id());
      }
    }
    return rests;
  }

  private static boolean together(Past past, Ending ending, Task task, Answer answer, TaskBy by) {
    boolean ofWindow = by == TaskBy.WINDOW && task instanceof Task.Work;
    if (by == TaskBy.TRANSACTION) {
      return false;
    }
    if (ofWindow) {
      return answer.task() instanceof Task.Work
          && (ending.session().equals(answer.session())
              || (task.equals(answer.task())
                  && reachable(entries(past, task), ending.session()).contains(answer.session())));
    }
    return ending.session().equals(answer.session())
        && (by == TaskBy.SESSION || answer.task() instanceof Task.SessionAlone);
  }

  /** The sessions that are at work with one, directly or through others. */
  private static Set<UUID> reachable(List<Entry> entries, UUID from) {
    Set<UUID> reached = new HashSet<>(Set.of(from));
    boolean grew = true;
    while (grew) {
      grew = false;
      for (Entry one : stays(entries)) {
        for (Entry other : stays(entries)) {
          boolean near =
              !one.from().isAfter(other.to().plus(Past.GAP))
                  && !other.from().isAfter(one.to().plus(Past.GAP));
          if (near && reached.contains(one.session())) {
            grew |= reached.add(other.session());
          }
        }
      }
    }
    return reached;
  }

  private static List<Entry> stays(List<Entry> entries) {
    return entries.stream()
        .map(Entry::session)
        .distinct()
        .map(session -> {
          List<Entry> own = entries.stream().filter(e -> e.session().equals(session)).toList();
          return new Entry(
              own.getFirst().task(),
              session,
              own.stream().map(Entry::from).min(Instant::compareTo).orElseThrow(),
              own.stream().map(Entry::to).max(Instant::compareTo).orElseThrow());
        })
        .toList();
  }

  private static List<Entry> entries(Past past, Task task) {
    List<Entry> entries = new ArrayList<>();
    past.answers.stream()
        .filter(answer -> answer.task().equals(task))
        .forEach(a -> entries.add(new Entry(task, a.session(), a.askedAt(), a.askedAt())));
    past.endings.stream()
        .filter(ending -> ending.task().equals(task))
        .forEach(e -> entries.add(new Entry(task, e.session(), e.sentAt(), e.doneAt())));
    return entries;
  }

  private static boolean isOwn(Answer answer, Ending ending) {
    return answer.session().equals(ending.session())
        && answer.transaction() == ending.transaction();
  }

  private static boolean isSaid(Task task) {
    return task instanceof Task.Named || task instanceof Task.Traced;
  }

  private record Touch(int unit, int claim, boolean owns) {}

  @Property(tries = 300)
  void whatDependsOnAHeldUnitIsWhatThePlainModelSays(@ForAll long seed) {
    Random random = new Random(seed);
    int units = 12;
    int answers = 8;
    List<Touch> touches = new ArrayList<>();
    List<BitSet> rests = new ArrayList<>();
    List<BitSet> readers = new ArrayList<>();
    for (int unit = 0; unit < units; unit++) {
      for (int i = random.nextInt(4); i > 0; i--) {
        touches.add(new Touch(unit, random.nextInt(8), random.nextInt(3) == 0));
      }
      rests.add(some(random, answers));
      readers.add(some(random, answers));
    }
    Dependencies dependencies =
        new Dependencies(
            units,
            (unit, asked) -> {
              BitSet reading = (BitSet) readers.get(unit).clone();
              reading.and(asked);
              return reading;
            });
    touches.forEach(touch -> dependencies.touch(touch.unit(), claim(touch), touch.owns()));
    for (int unit = 0; unit < units; unit++) {
      dependencies.rests(unit, rests.get(unit));
    }
    for (int i = 0; i < 3; i++) {
      BitSet seeds = some(random, units);
      assertThat(dependencies.closure(seeds)).isEqualTo(plainly(seeds, touches, rests, readers));
    }
  }

  private static BitSet plainly(
      BitSet seeds, List<Touch> touches, List<BitSet> rests, List<BitSet> readers) {
    BitSet held = (BitSet) seeds.clone();
    int before = -1;
    while (before != held.cardinality()) {
      before = held.cardinality();
      for (int one = 0; one < rests.size(); one++) {
        for (int other = 0; other < rests.size(); other++) {
          if (held.get(one)
              && (rests.get(other).intersects(readers.get(one))
                  || (one < other && share(one, other, touches)))) {
            held.set(other);
          }
        }
      }
    }
    return held;
  }

  private static boolean share(int one, int other, List<Touch> touches) {
    return touches.stream()
        .anyMatch(touch ->
            (owns(one, touch.claim(), touches) || owns(other, touch.claim(), touches))
                && touches(one, touch.claim(), touches)
                && touches(other, touch.claim(), touches));
  }

  private static boolean owns(int unit, int claim, List<Touch> touches) {
    return touches.contains(new Touch(unit, claim, true));
  }

  private static boolean touches(int unit, int claim, List<Touch> touches) {
    return owns(unit, claim, touches) || touches.contains(new Touch(unit, claim, false));
  }

  private static Claim claim(Touch touch) {
    return Claims.wholeTable(new TableId(touch.claim()));
  }

  private static BitSet some(Random random, int size) {
    BitSet some = new BitSet();
    for (int i = 0; i < size; i++) {
      some.set(i, random.nextInt(4) == 0);
    }
    return some;
  }

  /** Three thousand answers and as many units of one window, all stale. */
  @Test
  void manyUnitsThatRestOnManyAnswersAreFollowedInOneGo() {
    int size = 3_000;
    Past past = new Past();
    Task work = TASKS.getFirst();
    for (int i = 0; i < size; i++) {
      past.ask(i % 4, i, work, 0);
      past.end(i % 4, i, work, 0);
    }
    Tasks tasks = past.tasks(TaskBy.WINDOW);
    int[] asked = {0};
    Dependencies dependencies =
        new Dependencies(
            size,
            (unit, answers) -> {
              asked[0] += answers.cardinality();
              return new BitSet();
            });
    for (int unit = 0; unit < size; unit++) {
      dependencies.touch(unit, Claims.wholeTable(new TableId(1)), false);
      dependencies.rests(unit, tasks.before(past.endings.get(unit)));
    }
    BitSet all = new BitSet();
    all.set(0, size);
    assertThat(dependencies.closure(all).cardinality()).isEqualTo(size);
    assertThat(asked[0]).as("nothing is asked about what is held anyway").isZero();
    for (int answer = 0; answer < size; answer++) {
      BitSet resting = new BitSet();
      resting.set(answer, size);
      assertThat(dependencies.closure(resting).cardinality()).isEqualTo(size - answer);
    }
  }
}
