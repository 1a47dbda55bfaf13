package dev.anabranch.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.anabranch.base.BranchId;
import dev.anabranch.ledger.Ledger.Entry;
import dev.anabranch.testkit.Await;
import dev.anabranch.testkit.ControlDatabase;
import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.common.BaseDataSource;

class LedgerQueueTest {

  private static final BranchId BRANCH = new BranchId(3);

  private HikariDataSource control;
  private Interruptible source;
  private LedgerStore store;
  private LedgerQueue queue;

  /** Connections to the control database, which can be down for a while. */
  private static final class Interruptible extends org.postgresql.ds.PGSimpleDataSource {
    private static final long serialVersionUID = 1;
    private final AtomicBoolean down = new AtomicBoolean();
    private final AtomicInteger refusals = new AtomicInteger();

    @Override
    public Connection getConnection() throws SQLException {
      if (down.get()) {
        refusals.incrementAndGet();
        throw new SQLException("the control database is down", "08006");
      }
      return super.getConnection();
    }
  }

  @BeforeEach
  void start() {
    control = ControlDatabase.fresh(TemporaryPostgres.shared());
    source = new Interruptible();
    ((BaseDataSource) source).setUrl(control.getJdbcUrl());
    store = new LedgerStore(source);
    queue = new LedgerQueue(store);
  }

  @AfterEach
  void stop() {
    source.down.set(false);
    queue.close();
    control.close();
  }

  private static Entry entry(long tick) {
    return new Entry.AnswerGiven(
        LedgerStoreTest.answer(UUID.randomUUID(), tick, new OwnWrites.None()));
  }

  @Test
  void flushMeansDurableAndInOrder() throws Exception {
    for (int i = 0; i < 500; i++) {
      queue.append(entry(i));
    }
    queue.flush();
    assertThat(store.answers(BRANCH).stream().map(Answer::transaction))
        .containsExactlyElementsOf(IntStream.range(0, 500).mapToObj(i -> (long) i).toList());
    assertThat(queue.depth()).isZero();
  }

  @Test
  void anOutageIsWaitedOutAndLosesNothing() throws Exception {
    source.down.set(true);
    queue.append(entry(1));
    Await.until(() -> source.refusals.get() > 1, Duration.ofSeconds(10));
    queue.append(entry(2));
    source.down.set(false);
    queue.flush();
    assertThat(store.answers(BRANCH)).hasSize(2);
  }

  @Test
  void aFullQueueMakesCallersWaitAndTellsLoopsWhenThereIsRoom() throws Exception {
    source.down.set(true);
    long offered = 0;
    while (queue.offer(entry(offered))) {
      offered++;
    }
    assertThat(offered)
        .isGreaterThanOrEqualTo(LedgerQueue.CAPACITY - 1)
        .isLessThan(3L * LedgerQueue.CAPACITY);
    CountDownLatch room = new CountDownLatch(1);
    queue.whenRoom(room::countDown);
    CountDownLatch appended = new CountDownLatch(1);
    Thread waiting =
        Thread.ofVirtual()
            .start(() -> {
              try {
                queue.append(entry(-1));
                appended.countDown();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    Await.until(() -> waiting.getState() == Thread.State.WAITING, Duration.ofSeconds(10));
    assertThat(room.getCount()).isEqualTo(1);
    source.down.set(false);
    assertThat(room.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(appended.await(30, TimeUnit.SECONDS)).isTrue();
    queue.flush();
    assertThat(store.answers(BRANCH)).hasSize((int) offered + 2);
  }

  @Test
  void anEntryThatIsRefusedDoesNotTakeItsNeighboursAlong() throws Exception {
    UUID session = UUID.randomUUID();
    queue.append(new Entry.AnswerGiven(LedgerStoreTest.answer(session, 1, new OwnWrites.None())));
    queue.append(new Entry.AnswerGiven(LedgerStoreTest.answer(session, 1, new OwnWrites.None())));
    queue.append(entry(2));
    queue.flush();
    assertThat(store.answers(BRANCH)).hasSize(2);
    assertThat(queue.refused()).isEqualTo(1);
  }
}
