package dev.anabranch.branch.golden;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.branch.history.History;
import dev.anabranch.branch.history.PastPoint;
import dev.anabranch.branch.mirror.MainFacts;
import dev.anabranch.branch.mirror.Mirror;
import dev.anabranch.branch.storage.DataLayout;
import dev.anabranch.branch.storage.Storage;
import dev.anabranch.branch.storage.Urgency;
import dev.anabranch.cluster.Network;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Cuts golden images from the mirror, keeps those that something rests on, and drops the rest.
 *
 * <p>A fork point counts log up to the <em>end</em> of a record: a commit is inside when its end
 * LSN (pgoutput's {@code end_lsn}, not {@code commit_lsn}, which is where its record starts) is at
 * or below the fork point.
 *
 * <p>Locks: one cut at a time, and no drop meanwhile; the pins' monitor is held while an image is
 * chosen or forgotten, never for long.
 */
public final class GoldenImages {

  private final Mirror mirror;
  private final DataLayout home;
  private final Storage storage;
  private final Network network;
  private final MirrorCopies copies;
  private final History history;
  private final ImageFinalizer finishing;
  private final GoldenStore store;
  private final Duration freshness;
  private final InstantSource clock;
  private final ReentrantLock cutting = new ReentrantLock();
  private final Map<Long, Integer> pins = new HashMap<>(); // guarded by itself

  /** When main was last known to have nothing that an image has not. */
  private final Map<Long, Instant> freshAsOf = new ConcurrentHashMap<>();

  /**
   * @param history where images of the past come from
   * @param control a pool on the control database
   * @param network what copies of main may reach
   * @param freshness how old an image may be for a branch that starts at the latest
   */
  public GoldenImages(
      Mirror mirror,
      DataLayout home,
      Storage storage,
      GoldenSurvey survey,
      History history,
      DataSource control,
      Network network,
      Duration freshness,
      InstantSource clock) {
    this.mirror = mirror;
    this.home = home;
    this.storage = storage;
    this.history = history;
    this.copies = new MirrorCopies(mirror, storage);
    this.finishing = new ImageFinalizer(mirror, home, storage, survey, network);
    this.store = new GoldenStore(control);
    this.network = network;
    this.freshness = freshness;
    this.clock = clock;
  }

  /** Removes what a crash left of cuts; before anything else of this class. */
  public void recover() {
    for (long id : store.unfinished()) {
      finishing.discard(id);
      store.remove(id);
    }
    Set<String> known =
        store.whole().stream().map(image -> Long.toString(image.id())).collect(Collectors.toSet());
    storage.deleteAllBut(home.golden(), known);
    Leftovers.removeSockets(home, storage, "golden-");
  }

  /** Whole images, the newest first. */
  public List<GoldenImage> list() {
    return store.whole();
  }

  /** The image of exactly this fork point, if it is still kept. */
  public Optional<GoldenImage> of(Lsn forkLsn) {
    return store.at(forkLsn);
  }

  /** What copies of main may reach. */
  public Network network() {
    return network;
  }

  /** Where main's files are copied from. */
  MirrorCopies copies() {
    return copies;
  }

  /** Its data directory; never start a Postgres there, copy it. */
  public Path data(GoldenImage image) {
    return finishing.data(image.id());
  }

  /** Its control file from just before it was shut down; images of older versions have none. */
  public Path runningControl(GoldenImage image) {
    return finishing.runningControl(image.id());
  }

  /** The size of main's WAL files, which is that of every copy. */
  public long walSegmentBytes() {
    return mirror.facts().walSegmentBytes();
  }

  /** Whether it is young enough for a branch that starts at the latest. Quick. */
  public boolean isFresh(GoldenImage image) {
    Instant asOf = freshAsOf.getOrDefault(image.id(), image.forkTime());
    return asOf.plus(freshness).isAfter(clock.instant());
  }

  /** An image that is not dropped while this is open. */
  public final class Pin implements AutoCloseable {

    private final GoldenImage image;

    private Pin(GoldenImage image) {
      this.image = image;
      pins.merge(image.id(), 1, Integer::sum);
    }

    public GoldenImage image() {
      return image;
    }

    @Override
    public void close() {
      synchronized (pins) {
        pins.computeIfPresent(image.id(), (id, count) -> count == 1 ? null : count - 1);
      }
    }
  }

  /**
   * The image for a branch that starts here; cut now where the point asks for it.
   *
   * @throws AnabranchException with {@link ErrorCode#BRANCH_POINT_GONE} when neither an image of
   *     that point is kept nor the history of main has it, or it is still to come
   */
  public Pin pin(BranchPoint point) {
    return switch (point) {
      case BranchPoint.Now _ -> pinCut();
      case BranchPoint.Latest _ -> pinKept(this::isFresh).orElseGet(this::pinCut);
      case BranchPoint.AtLsn(Lsn lsn) ->
          pinKept(at(lsn)).orElseGet(() -> pinPast(new PastPoint.AtLsn(lsn)));
      case BranchPoint.AtTime(Instant time) -> pinPast(new PastPoint.AtTime(time));
    };
  }

  private Pin pinCut() {
    cutting.lock(); // until it is pinned, only the newest image is safe, and a cut may follow
    try {
      GoldenImage image = cut(Urgency.SOMEBODY_WAITS);
      synchronized (pins) {
        return new Pin(image);
      }
    } finally {
      cutting.unlock();
    }
  }

  /** The newest that suits. */
  private Optional<Pin> pinKept(Predicate<GoldenImage> suits) {
    synchronized (pins) {
      return store.whole().stream().filter(suits).findFirst().map(Pin::new);
    }
  }

  private Optional<GoldenImage> newest() {
    return store.whole().stream().findFirst();
  }

  private static Predicate<GoldenImage> at(Lsn forkLsn) {
    return image -> image.forkLsn().equals(forkLsn);
  }

  /** Main as it was: an image that is kept already, or files of which one can be made. */
  private sealed interface Past {
    record Kept(Pin pin) implements Past {}

    record Copied(Begun begun, Lsn end, Instant time) implements Past {}
  }

  private Pin pinPast(PastPoint point) {
    awaitReplay(point);
    Past past =
        history.at(
            point,
            moment ->
                pinKept(at(moment.end()))
                    .<Past>map(Past.Kept::new)
                    .orElseGet(() -> copied(moment)));
    return switch (past) {
      case Past.Kept(Pin pin) -> pin;
      case Past.Copied(Begun begun, Lsn end, Instant time) -> {
        orDiscard(begun, () -> finish(begun, end));
        yield pinPast(begun, end, time);
      }
    };
  }

  private Past copied(History.Moment moment) {
    Begun begun = begin(Urgency.SOMEBODY_WAITS);
    orDiscard(begun, () -> moment.copyTo(finishing.data(begun.id())));
    return new Past.Copied(begun, moment.end(), moment.time());
  }

  /** The same moment may have been asked for by two. */
  private Pin pinPast(Begun begun, Lsn end, Instant time) {
    cutting.lock();
    try {
      Optional<Pin> others = pinKept(at(end));
      if (others.isPresent()) {
        discard(begun);
        return others.get();
      }
      GoldenImage image = keep(begun, end, time);
      synchronized (pins) {
        return new Pin(image);
      }
    } finally {
      cutting.unlock();
    }
  }

  /** Returns when the mirror has all of main's WAL that the point asks for. */
  private void awaitReplay(PastPoint point) {
    if (point instanceof PastPoint.AtLsn(Lsn lsn)
        && !mirror.replayed().isBefore(WalPosition.endOfRecord(lsn))) {
      return;
    }
    MirrorCopies.Asked asked = copies.askMain();
    switch (point) {
      case PastPoint.AtLsn(Lsn lsn) -> {
        if (WalPosition.endOfRecord(lsn).isAfter(asked.position())) {
          throw toCome(point, "main is only at " + asked.position());
        }
      }
      case PastPoint.AtTime(Instant time) -> {
        if (time.isAfter(asked.time())) {
          throw toCome(point, "it is only " + asked.time() + " there");
        }
      }
    }
    copies.awaitReplay(copies.flush(asked.position(), false));
  }

  private static AnabranchException toCome(PastPoint point, String why) {
    return new AnabranchException(ErrorCode.BRANCH_POINT_GONE, point, why);
  }

  /**
   * An image in which every commit is that main acknowledged before this call. When main has
   * written nothing since the newest image, that one.
   *
   * @param urgency whether somebody waits for it
   */
  public GoldenImage cut(Urgency urgency) {
    cutting.lock();
    try {
      Instant now = clock.instant();
      MirrorCopies.Asked asked = copies.askMain();
      Optional<GoldenImage> newest = newest();
      GoldenImage image =
          newest.isPresent() && !asked.position().isAfter(newest.get().forkLsn())
              ? newest.get()
              : cutNew(asked, urgency);
      freshAsOf.put(image.id(), now);
      return image;
    } finally {
      cutting.unlock();
    }
  }

  private GoldenImage cutNew(MirrorCopies.Asked asked, Urgency urgency) {
    copies.awaitReplay(copies.flush(asked.position(), true));
    Begun begun = begin(urgency);
    GoldenImage image =
        orDiscard(
            begun,
            () -> {
              Lsn forkLsn = copies.copy(finishing.data(begun.id()), begun.urgency());
              finish(begun, forkLsn);
              return keep(begun, forkLsn, asked.time());
            });
    dropUnused();
    return image;
  }

  /** An image that is being made. */
  private record Begun(
      long id, MainFacts facts, Map<String, String> mainSettings, Urgency urgency) {}

  private Begun begin(Urgency urgency) {
    MainFacts facts = mirror.facts();
    Map<String, String> settings = MirrorCopies.settingsOfMain(facts);
    return new Begun(
        store.begin(facts.major(), mirror.main().database(), settings), facts, settings, urgency);
  }

  private <T> T orDiscard(Begun begun, Supplier<T> step) {
    try {
      return step.get();
    } catch (RuntimeException e) {
      discard(begun);
      throw e;
    }
  }

  private void orDiscard(Begun begun, Runnable step) {
    orDiscard(
        begun,
        () -> {
          step.run();
          return begun;
        });
  }

  private void discard(Begun begun) {
    finishing.discard(begun.id());
    store.remove(begun.id());
  }

  private void finish(Begun begun, Lsn forkLsn) {
    finishing.finish(begun.id(), forkLsn, begun.facts(), begun.mainSettings(), begun.urgency());
  }

  private GoldenImage keep(Begun begun, Lsn forkLsn, Instant forkTime) {
    store.finish(begun.id(), forkLsn, forkTime);
    return new GoldenImage(
        begun.id(),
        forkLsn,
        forkTime,
        begun.facts().major(),
        mirror.main().database(),
        begun.mainSettings());
  }

  /** Drops every image that no branch rests on and nobody has pinned; the newest is kept. */
  public void dropUnused() {
    cutting.lock();
    try {
      for (GoldenImage image : forgetUnused()) {
        storage.delete(finishing.directory(image.id()));
        freshAsOf.remove(image.id());
      }
    } finally {
      cutting.unlock();
    }
  }

  private List<GoldenImage> forgetUnused() {
    synchronized (pins) {
      Set<Long> keep = new HashSet<>(store.inUse());
      keep.addAll(pins.keySet());
      newest().ifPresent(image -> keep.add(image.id()));
      List<GoldenImage> unused =
          store.whole().stream().filter(image -> !keep.contains(image.id())).toList();
      unused.forEach(image -> store.remove(image.id()));
      return unused;
    }
  }
}
