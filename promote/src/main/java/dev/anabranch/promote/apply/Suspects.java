package dev.anabranch.promote.apply;

import dev.anabranch.base.TableId;
import dev.anabranch.promote.apply.RowStatements.MovedException;
import dev.anabranch.promote.plan.RowChange;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Asks once more about rows that main refused while others were not written yet: what gives way to
 * them may have come later, or have been refused beside somebody else.
 *
 * <p>Only suspects are left unwritten, so a suspect can want for nothing but what other suspects
 * give away. All of them are taken off their places, as if each had given away all that it will,
 * and are put where they are to be. What is refused then is refused whatever the others do. It goes
 * back to its old place, and those that are left are looked at again, for they may have taken that.
 *
 * <p>Nothing is told of a row that main did not refuse to be given by itself, beside everything
 * that it accepts.
 */
final class Suspects {

  /** So many rows in a row can each want the place of the next, unless plain keys tell so. */
  private static final int ROUNDS = 8;

  /**
   * A row that main refuses.
   *
   * @param refusal main's own
   * @param takers rows that take what it would give away, and can't either
   */
  record Blame(RowChange row, SQLException refusal, List<RowChange> takers) {}

  private record Root(RowChange row, List<RowChange> takers) {
    Root(RowChange row) {
      this(row, new ArrayList<>());
    }
  }

  private final Tries tries;
  private final RowStatements statements;
  private final Exchanges exchanges;
  private final List<Root> roots = new ArrayList<>();

  Suspects(Tries tries, RowStatements statements, Exchanges exchanges) {
    this.tries = tries;
    this.statements = statements;
    this.exchanges = exchanges;
  }

  /** Writes those that main accepts when everything else is written, and tells the others. */
  List<Blame> blamed(List<RowChange> suspects) throws SQLException, MovedException {
    Set<TableId> giving =
        suspects.stream().filter(this::gives).map(RowChange::table).collect(Collectors.toSet());
    List<RowChange> open = new ArrayList<>();
    for (RowChange suspect : suspects) {
      if (giving.contains(suspect.table())) {
        open.add(suspect);
      } else {
        roots.add(new Root(suspect));
      }
    }
    for (RowChange doubtful : open.size() < 2 ? open : findRoots(open)) {
      roots.add(new Root(doubtful));
    }
    return askedOnceMore();
  }

  /** Writes those that need each other only; what is left, and is no root, can't be told apart. */
  private List<RowChange> findRoots(List<RowChange> suspects) throws SQLException, MovedException {
    List<RowChange> open = suspects;
    for (int round = 0; round < ROUNDS && !open.isEmpty(); round++) {
      List<RowChange> all = open;
      Optional<List<RowChange>> refused = tries.takenBack(() -> refusedInFreePlaces(all));
      if (refused.isEmpty()) {
        return open;
      }
      if (refused.get().isEmpty()) {
        return tries.refusal(open).isEmpty() ? List.of() : open;
      }
      open = without(refused.get(), open);
    }
    return open;
  }

  /** Empty where the places can't be had. Main's rows are in them again when this is taken back. */
  private Optional<List<RowChange>> refusedInFreePlaces(List<RowChange> suspects)
      throws SQLException, MovedException {
    List<RowChange> off = suspects.stream().filter(this::gives).map(Suspects::takenOff).toList();
    if (tries.refusalInPlace(off).isPresent()) {
      return Optional.empty();
    }
    List<RowChange> refused = new ArrayList<>();
    put(
        suspects.stream().filter(change -> !(change instanceof RowChange.Delete)).toList(),
        refused);
    return Optional.of(refused);
  }

  private void put(List<RowChange> suspects, List<RowChange> refused)
      throws SQLException, MovedException {
    if (tries.refusalInPlace(suspects.stream().map(this::asNew).toList()).isEmpty()) {
      return;
    }
    if (suspects.size() == 1) {
      refused.add(suspects.getFirst());
      return;
    }
    int middle = suspects.size() / 2;
    put(suspects.subList(0, middle), refused);
    put(suspects.subList(middle, suspects.size()), refused);
  }

  /** What is left when these are refused, and what is known to take from them with them. */
  private List<RowChange> without(List<RowChange> refused, List<RowChange> open) {
    Set<RowChange> left = identities(open);
    refused.forEach(left::remove);
    List<Root> earlier = List.copyOf(roots);
    for (RowChange row : refused) {
      List<RowChange> takers = exchanges.takeTakersOf(row, left);
      List<Root> before =
          earlier.stream().filter(root -> root.row().table().equals(row.table())).toList();
      if (before.size() == 1) {
        before.getFirst().takers().add(row);
        before.getFirst().takers().addAll(takers);
      } else {
        roots.add(new Root(row, new ArrayList<>(takers)));
      }
    }
    return open.stream().filter(left::contains).toList();
  }

  private List<Blame> askedOnceMore() throws SQLException, MovedException {
    List<Blame> blamed = new ArrayList<>();
    for (Root root : roots) {
      Optional<SQLException> refusal = tries.refusal(List.of(root.row()));
      List<RowChange> with = new ArrayList<>();
      for (RowChange taker : root.takers()) {
        Optional<SQLException> ofTaker = tries.refusal(List.of(taker));
        if (ofTaker.isPresent() && refusal.isPresent()) {
          with.add(taker);
        } else if (ofTaker.isPresent()) {
          blamed.add(new Blame(taker, ofTaker.get(), List.of()));
        }
      }
      if (refusal.isPresent()) {
        blamed.add(new Blame(root.row(), refusal.get(), with));
      }
    }
    return blamed;
  }

  /** Whether it leaves a place in which only one row may be. */
  private boolean gives(RowChange change) {
    return change instanceof RowChange.Delete || statements.movesUniqueValue(change);
  }

  private static RowChange takenOff(RowChange change) {
    return switch (change) {
      case RowChange.Insert insert ->
          throw new IllegalArgumentException("a new row has no place to be taken off");
      case RowChange.Update(var table, var key, var before, var cells, var units) ->
          new RowChange.Delete(table, key, before, units);
      case RowChange.Delete delete -> delete;
    };
  }

  private RowChange asNew(RowChange change) {
    return change instanceof RowChange.Update update && gives(update)
        ? new RowChange.Insert(
            update.table(), update.key(), RowWriter.rowAfter(update).values(), update.units())
        : change;
  }

  static Set<RowChange> identities(Collection<RowChange> changes) {
    Set<RowChange> identities = Collections.newSetFromMap(new IdentityHashMap<>());
    identities.addAll(changes);
    return identities;
  }
}
