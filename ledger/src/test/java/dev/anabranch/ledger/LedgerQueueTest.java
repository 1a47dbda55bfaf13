package dev.anabranch.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.Lsn;
import dev.anabranch.ledger.Ledger.Entry;
import dev.anabranch.testkit.Await;
import dev.anabranch.testkit.ControlDatabase;
import dev.anabranch.testkit.TemporaryPostgres;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.common.BaseDataSource;

@Tag("postgres")
class LedgerQueueTest {

  private static final BranchId BRANCH = new BranchId(3);

  @TempDir Path directory;

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
    queue = new LedgerQueue(store, directory.resolve("journal"));
  }

  @AfterEach
  void stop() {
    source.down.set(false);
    queue.close();
    control.close();
  }

  private static Entry.Heard entry(long tick) {
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
  void longEntriesFillTheQueueLongBeforeThereAreMany() throws Exception {
    source.down.set(true);
    String text = "-".repeat(1 << 20);
    int offered = 0;
    while (queue.offer(
        new Entry.AnswerGiven(
            LedgerStoreTest.answer(UUID.randomUUID(), offered, new OwnWrites.None(), text)))) {
      offered++;
    }
    long most = LedgerQueue.CAPACITY_BYTES / text.length();
    assertThat((long) offered).isBetween(most - 2, 2 * most);
    CountDownLatch room = new CountDownLatch(1);
    queue.whenRoom(room::countDown);
    assertThat(room.getCount()).isEqualTo(1);
    source.down.set(false);
    assertThat(room.await(30, TimeUnit.SECONDS)).isTrue();
    queue.flush();
    assertThat(store.answers(BRANCH)).hasSize(offered + 1);
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

  /** A queue whose process is killed: its database is gone, and nobody closes it. */
  private Path killedAfter(List<Entry.Heard> entries) throws Exception {
    Path journal = directory.resolve("of the killed");
    Interruptible gone = new Interruptible();
    gone.setUrl(control.getJdbcUrl());
    gone.down.set(true);
    LedgerQueue killed = new LedgerQueue(new LedgerStore(gone), journal);
    for (Entry.Heard entry : entries) {
      killed.offer(entry);
    }
    return journal;
  }

  @Test
  void theNextProcessFindsWhatAKilledOneHadAccepted() throws Exception {
    Answer full = LedgerStoreTest.answer(UUID.randomUUID(), 1, new OwnWrites.UpTo(7, new Lsn(9)));
    Answer bare = LedgerStoreTest.answer(UUID.randomUUID(), 2, new OwnWrites.Unknown("who knows"));
    Ending ending = LedgerStoreTest.ending(full.session());
    Answer keptOut =
        LedgerStoreTest.answer(full.session(), 3, new OwnWrites.None())
            .withheldSince(Instant.parse("2026-11-20T11:00:00.000001Z"));
    Path journal =
        killedAfter(
            List.of(
                new Entry.AnswerGiven(full),
                new Entry.TransactionEnded(ending),
                new Entry.AnswerGiven(bare),
                new Entry.AnswerGiven(keptOut)));
    new LedgerQueue(store, journal).close();
    assertThat(store.answers(BRANCH))
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("id")
        .containsExactly(full, bare, keptOut);
    assertThat(store.endings(BRANCH)).containsExactly(ending);
    assertThat(files(journal)).isEmpty();
  }

  @Test
  void whatWasDurableBeforeTheKillIsNotThereTwice() throws Exception {
    Entry.Heard durable = entry(1);
    store.append(List.of(durable));
    Path journal = killedAfter(List.of(durable, entry(2)));
    new LedgerQueue(store, journal).close();
    assertThat(store.answers(BRANCH).stream().map(Answer::transaction)).containsExactly(1L, 2L);
  }

  @Test
  void aRecordThatWasCutShortEndsItsFileAndNothingElse() throws Exception {
    Path journal = killedAfter(List.of(entry(1), entry(2)));
    Path file = files(journal).getFirst();
    try (FileChannel cut = FileChannel.open(file, StandardOpenOption.WRITE)) {
      cut.truncate(endOf(file) - 3);
    }
    new LedgerQueue(store, journal).close();
    assertThat(store.answers(BRANCH).stream().map(Answer::transaction)).containsExactly(1L);
  }

  @Test
  void aRecordThatWasDamagedIsNotTaken() throws Exception {
    Path journal = killedAfter(List.of(entry(1), entry(2)));
    Path file = files(journal).getFirst();
    try (FileChannel damaged = FileChannel.open(file, StandardOpenOption.WRITE)) {
      damaged.write(ByteBuffer.wrap(new byte[] {42}), endOf(file) - 3);
    }
    new LedgerQueue(store, journal).close();
    assertThat(store.answers(BRANCH).stream().map(Answer::transaction)).containsExactly(1L);
  }

  @Test
  void theJournalStaysSmallWhileTheLedgerKeepsUp() throws Exception {
    for (int round = 0; round < 40; round++) {
      for (int i = 0; i < 1000; i++) {
        queue.append(entry(round * 1000L + i));
      }
      queue.flush();
    }
    Path journal = directory.resolve("journal");
    long bytes = 0;
    for (Path file : files(journal)) {
      bytes += Files.size(file);
    }
    assertThat(bytes).isLessThan(8L << 20);
    queue.close();
    assertThat(files(journal)).isEmpty();
  }

  @Test
  void aJournalThatCannotBeWrittenStopsNobody() throws Exception {
    for (Path file : files(directory.resolve("journal"))) {
      Files.delete(file);
    }
    Files.delete(directory.resolve("journal"));
    queue.append(entry(1));
    queue.flush();
    assertThat(store.answers(BRANCH)).hasSize(1);
  }

  /** Where a file's last record ends: each begins with its length and a checksum. */
  private static long endOf(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    while (bytes.remaining() >= 8 && bytes.getInt(bytes.position()) > 0) {
      bytes.position(bytes.position() + 8 + bytes.getInt(bytes.position()));
    }
    return bytes.position();
  }

  @Test
  void aFileOfTheJournalThatIsUsedAgainHoldsNothingOfItsFirstUse() throws Exception {
    for (int i = 0; i < 3000; i++) {
      queue.append(entry(i));
    }
    queue.flush();
    source.down.set(true);
    queue.append(entry(3000));
    queue.append(entry(3001));
    // As if it was killed now: another process reads what it has left.
    List<Entry.Heard> left = Journal.in(directory.resolve("journal")).left();
    assertThat(left)
        .extracting(entry -> ((Entry.AnswerGiven) entry).answer().transaction())
        .containsExactly(3000L, 3001L);
  }

  private static List<Path> files(Path journal) throws IOException {
    try (Stream<Path> files = Files.list(journal)) {
      return files.sorted(Comparator.naturalOrder()).toList();
    }
  }
}
