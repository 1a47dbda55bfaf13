package dev.anabranch.mainfeed.slot;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.mainfeed.slot.PublicationCatalog.Candidate;
import dev.anabranch.mainfeed.slot.PublicationCatalog.Horizon;
import dev.anabranch.mainfeed.store.FeedStore;
import dev.anabranch.mainfeed.store.WatchedTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the publication at all of main's tables whose changes can be decoded, and knows since when
 * each is watched.
 *
 * <p><b>When does watching begin?</b> Adding a table to a publication does not wait for
 * transactions that are writing to it. What such a transaction wrote before is not decoded, though
 * it commits later; and a decoding session that met the table while it was unpublished may keep
 * believing so. Hence three steps. The change to the publication is committed. Then every
 * transaction that was running at that moment is awaited ({@code xmin} of a new snapshot has passed
 * {@code xmax} of the one taken right after the commit), and a position {@code P} at or above all
 * their commits is read. Then a new decoding session is begun at a stored position {@code S >= P}.
 * Every transaction that session decodes ends after {@code P}, so it began to write after the table
 * was published, and the session has no memory of another time. Watched since {@code S}.
 *
 * <p>The order is the other way round when watching ends: first the store forgets that the table
 * was watched, then main stops publishing it.
 *
 * <p>A table that loses its replica identity while it is published has its updates refused by
 * Postgres. It is taken out at the next look; until then, a fifth of a second or so, production's
 * updates of that one table fail.
 */
final class WatchedTables {

  private static final Logger LOG = LoggerFactory.getLogger(WatchedTables.class);

  private static final String WAITING =
      "it waits for transactions that began before it was published to end";

  private static final String LEFT_OUT = "it was taken out with `anabranch main unwatch`";

  private final FeedStore store;
  private final Map<TableId, WatchedTable> known = new ConcurrentHashMap<>();
  private final Map<TableId, Long> memberships = new HashMap<>();
  private final Map<TableId, Long> waitingFor = new HashMap<>();
  private final Map<TableId, Lsn> ready = new HashMap<>();
  private final Refusals refusals = new Refusals();
  private final Set<TableId> published = new HashSet<>();
  private String unpublishing = "";
  private Optional<Settled> settled = Optional.empty();

  WatchedTables(FeedStore store) {
    this.store = store;
    known.putAll(store.tables());
  }

  /** Publishes what can be published and gives it, for a slot that is about to be made. */
  synchronized List<WatchedTable> begin(PublicationCatalog main) throws SQLException {
    known.clear();
    memberships.clear();
    waitingFor.clear();
    ready.clear();
    refusals.clear();
    settled = Optional.empty();
    publish(main, toPublish(candidates(main)));
    List<WatchedTable> tables = new ArrayList<>();
    for (Candidate candidate : candidates(main)) {
      boolean published =
          candidate.membership().isPresent() && candidate.hindrance().isEmpty() && !candidate.odd();
      tables.add(
          new WatchedTable(
              candidate.shape(),
              published ? Optional.of(Lsn.ZERO) : Optional.empty(),
              published ? "" : whyNot(candidate)));
      candidate.membership().ifPresent(oid -> memberships.put(candidate.shape().id(), oid));
    }
    return tables;
  }

  /** The slot begins here, and so does watching. */
  synchronized List<WatchedTable> begun(Collection<WatchedTable> tables, Lsn position) {
    List<WatchedTable> watched =
        tables.stream()
            .map(table ->
                new WatchedTable(
                    table.shape(), table.since().map(ignored -> position), table.whyNot()))
            .toList();
    watched.forEach(table -> known.put(table.shape().id(), table));
    return watched;
  }

  /** One look at main, and what follows from it; none when nobody has written since the last. */
  synchronized void look(PublicationCatalog main) throws SQLException {
    Horizon horizon = main.horizon();
    Set<FeedStore.LeftOut> leftOut = store.leftOut();
    Optional<Settled> now =
        horizon.isStill()
            ? Optional.of(new Settled(main, horizon.xmax(), leftOut))
            : Optional.empty();
    if (now.isPresent() && now.equals(settled)) {
      return;
    }
    List<Candidate> candidates = candidates(main);
    unwatchGone(candidates);
    boolean same = !unpublish(main, candidates);
    List<TableShape> fresh = toPublish(candidates);
    publish(main, fresh);
    same &= fresh.isEmpty();
    register(main, same ? candidates : candidates(main));
    waitForWriters(main);
    settled = same && waitingFor.isEmpty() && refusals.isEmpty() ? now : Optional.empty();
  }

  /**
   * Main's catalogs when there was nothing to do: no transaction has got an id since.
   *
   * @param main the connection that was asked: behind another may be another server
   * @param xid the next one that main will give out
   * @param leftOut what somebody kept out then
   */
  private record Settled(PublicationCatalog main, long xid, Set<FeedStore.LeftOut> leftOut) {}

  /** The position at which a new session has to begin for more tables to be watched. */
  synchronized Optional<Lsn> wantsSessionAt() {
    return ready.values().stream().max(Lsn::compareTo);
  }

  /** True when no table waits to be watched. */
  synchronized boolean isSettled() {
    return waitingFor.isEmpty() && ready.isEmpty();
  }

  /** A new session is about to begin; it decodes everything that ends after the position. */
  synchronized void sessionBegins(Lsn position) {
    Set<TableId> begun =
        ready.entrySet().stream()
            .filter(entry -> !entry.getValue().isAfter(position))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    if (begun.isEmpty()) {
      return;
    }
    store.coverFrom(position, begun);
    for (TableId id : begun) {
      ready.remove(id);
      known.computeIfPresent(
          id, (key, table) -> new WatchedTable(table.shape(), Optional.of(position), ""));
    }
    LOG.info("{} more tables of main are watched since {}", begun.size(), position);
  }

  private void unwatchGone(List<Candidate> candidates) {
    Set<TableId> there =
        candidates.stream().map(table -> table.shape().id()).collect(Collectors.toSet());
    Map<TableId, String> gone = new HashMap<>();
    known.forEach((id, table) -> {
      if (!there.contains(id) && table.since().isPresent()) {
        gone.put(id, "main has dropped it");
      }
    });
    unwatch(gone);
    known.keySet().retainAll(there);
    memberships.keySet().retainAll(there);
    waitingFor.keySet().retainAll(there);
    ready.keySet().retainAll(there);
    refusals.keepOnly(there);
  }

  /** True when a table is, or should be, out of the publication that was in it. */
  private boolean unpublish(PublicationCatalog main, List<Candidate> candidates)
      throws SQLException {
    List<TableShape> leaving = new ArrayList<>();
    Map<TableId, String> reasons = new HashMap<>();
    for (Candidate candidate : candidates) {
      boolean unfit = candidate.hindrance().isPresent() || candidate.odd();
      if (candidate.membership().isPresent() && unfit) {
        leaving.add(candidate.shape());
        reasons.put(
            candidate.shape().id(),
            candidate.hindrance().orElse("someone gave its publication a filter"));
      }
    }
    if (!leaving.isEmpty()) {
      unwatch(reasons);
      takeOut(main, leaving);
    }
    return !leaving.isEmpty();
  }

  /**
   * Tried again at the next look when a lock is in the way: until then main may refuse updates of
   * them.
   */
  private void takeOut(PublicationCatalog main, List<TableShape> leaving) throws SQLException {
    String names =
        leaving.stream().map(TableShape::qualifiedName).collect(Collectors.joining(", "));
    try {
      main.unpublish(leaving);
      unpublishing = "";
      LOG.warn("no longer watched: {}", names);
    } catch (SQLException e) {
      requireConnection(e);
      String failure = names + " could not be taken out of the publication: " + firstLine(e);
      if (!failure.equals(unpublishing)) {
        unpublishing = failure;
        LOG.warn("{}; tried again until it can", failure);
      }
    }
  }

  private static String firstLine(SQLException e) {
    return String.valueOf(e.getMessage())
        .lines()
        .findFirst()
        .orElse("")
        .replaceFirst("^ERROR: ", "");
  }

  private static void requireConnection(SQLException e) throws SQLException {
    if (e.getSQLState() == null || e.getSQLState().startsWith("08")) {
      throw e;
    }
  }

  /** Whether main still publishes one of these. */
  synchronized boolean isPublished(Collection<TableId> ids) {
    return ids.stream().anyMatch(published::contains);
  }

  /** Tables of main that are not watched, and why not; waits for nobody who looks at main. */
  Map<String, String> unwatched() {
    Map<String, String> reasons = new TreeMap<>();
    known.forEach((id, table) -> {
      if (table.since().isEmpty()) {
        reasons.put(table.shape().qualifiedName(), table.whyNot());
      }
    });
    return reasons;
  }

  /** Main's tables; one that somebody keeps out is hindered by that. */
  private List<Candidate> candidates(PublicationCatalog main) throws SQLException {
    Set<FeedStore.LeftOut> leftOut = store.leftOut();
    List<Candidate> candidates = main.candidates();
    return leftOut.isEmpty()
        ? candidates
        : candidates.stream()
            .map(table ->
                leftOut.stream()
                        .anyMatch(left ->
                            left.table().equals(table.shape().id())
                                || left.name().equals(table.shape().qualifiedName()))
                    ? table.hinderedBy(LEFT_OUT)
                    : table)
            .toList();
  }

  private String whyNot(Candidate candidate) {
    return candidate
        .hindrance()
        .or(() ->
            refusals
                .cause(candidate.shape().id())
                .map(cause -> "main did not let it be published yet: " + cause))
        .orElse(WAITING);
  }

  private void unwatch(Map<TableId, String> reasons) {
    if (reasons.isEmpty()) {
      return;
    }
    store.unwatch(reasons);
    reasons.forEach((id, why) -> {
      waitingFor.remove(id);
      ready.remove(id);
      memberships.remove(id);
      known.computeIfPresent(
          id, (key, table) -> new WatchedTable(table.shape(), Optional.empty(), why));
    });
  }

  private List<TableShape> toPublish(List<Candidate> candidates) {
    return candidates.stream()
        .filter(table -> table.membership().isEmpty() && table.hindrance().isEmpty())
        .filter(table -> refusals.isDue(table.shape().id()))
        .map(Candidate::shape)
        .toList();
  }

  /** All at once if possible; one by one if a lock on one of them, or its end, is in the way. */
  private void publish(PublicationCatalog main, List<TableShape> tables) throws SQLException {
    if (tables.isEmpty()) {
      return;
    }
    try {
      main.publish(tables);
      tables.forEach(table -> refusals.accepted(table.id()));
    } catch (SQLException e) {
      LOG.debug("publishing {} tables at once failed", tables.size(), e);
      for (TableShape table : tables) {
        publishOne(main, table);
      }
    }
  }

  private void publishOne(PublicationCatalog main, TableShape table) throws SQLException {
    try {
      main.publish(List.of(table));
      refusals.accepted(table.id());
    } catch (SQLException e) {
      requireConnection(e);
      refusals.refused(table, firstLine(e));
    }
  }

  /**
   * Tables that are published and were not, or not with this layout, have to be watched from a new
   * position on.
   */
  private void register(PublicationCatalog main, List<Candidate> candidates) throws SQLException {
    List<WatchedTable> fresh = new ArrayList<>();
    published.clear();
    for (Candidate candidate : candidates) {
      if (candidate.membership().isPresent()) {
        published.add(candidate.shape().id());
      }
      TableId id = candidate.shape().id();
      WatchedTable table = known.get(id);
      boolean fit =
          candidate.membership().isPresent() && candidate.hindrance().isEmpty() && !candidate.odd();
      if (fit && isNew(candidate, table)) {
        fresh.add(new WatchedTable(candidate.shape(), Optional.empty(), WAITING));
        memberships.put(id, candidate.membership().getAsLong());
      } else if (fit) {
        memberships.put(id, candidate.membership().getAsLong());
      } else {
        String why = whyNot(candidate);
        if (table == null || table.since().isPresent() || !table.whyNot().equals(why)) {
          store.register(List.of(new WatchedTable(candidate.shape(), Optional.empty(), why)));
          known.put(id, new WatchedTable(candidate.shape(), Optional.empty(), why));
        }
      }
    }
    if (fresh.isEmpty()) {
      return;
    }
    store.register(fresh);
    long writers = main.horizon().xmax();
    for (WatchedTable table : fresh) {
      known.put(table.shape().id(), table);
      ready.remove(table.shape().id());
      waitingFor.put(table.shape().id(), writers);
    }
  }

  private boolean isNew(Candidate candidate, @Nullable WatchedTable table) {
    TableId id = candidate.shape().id();
    if (table == null || !sameLayout(table.shape(), candidate.shape())) {
      return true;
    }
    Long membership = memberships.get(id);
    if (membership != null && membership != candidate.membership().getAsLong()) {
      return true;
    }
    return table.since().isEmpty() && !waitingFor.containsKey(id) && !ready.containsKey(id);
  }

  private static boolean sameLayout(TableShape a, TableShape b) {
    return a.columns().equals(b.columns());
  }

  private void waitForWriters(PublicationCatalog main) throws SQLException {
    if (waitingFor.isEmpty()) {
      return;
    }
    Horizon horizon = main.horizon();
    List<TableId> done =
        waitingFor.entrySet().stream()
            .filter(entry -> entry.getValue() <= horizon.xmin())
            .map(Map.Entry::getKey)
            .toList();
    for (TableId id : done) {
      waitingFor.remove(id);
      ready.put(id, horizon.insertLsn());
    }
  }
}
