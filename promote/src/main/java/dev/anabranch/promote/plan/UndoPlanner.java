package dev.anabranch.promote.plan;

import dev.anabranch.base.Column;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.promote.fact.Fact;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides which units of a promotion can be undone and what that writes on main. Pure: it is given
 * everything and touches nothing.
 *
 * <p>A unit is undone as a whole or not at all. It stays when main does not have a row of it as the
 * promotion left it, when main would refuse a row as it was, or when it is tied to a unit that
 * stays. What main was given besides, in other rows or other columns, is left alone.
 *
 * <p>What stays changes which keys the rest frees, so that is looked at again until nothing more
 * has to stay; each round holds at least one unit more, so it ends.
 */
public final class UndoPlanner implements RowPlanner {

  private final UndoInput input;
  private final Ties ties;
  private final Map<TableId, Optional<String>> obstacles = new HashMap<>();
  private final List<Written> doable = new ArrayList<>();
  private final List<UndoReason> standing = new ArrayList<>();

  public UndoPlanner(UndoInput input) {
    this.input = input;
    this.ties = new Ties(input.units(), input.written());
    Map<TableId, Set<Long>> obstructed = new LinkedHashMap<>();
    for (Written row : input.written()) {
      if (obstacle(row.table()).isEmpty()) {
        doable.add(row);
      } else {
        obstructed.computeIfAbsent(row.table(), _ -> new LinkedHashSet<>()).addAll(row.units());
      }
    }
    obstructed.forEach((table, units) ->
        standing.add(
            UndoReason.constraint(
                input.standing(table).shape().qualifiedName(),
                obstacle(table).orElseThrow(),
                List.copyOf(units))));
    input.rejections().forEach(rejection -> standing.add(UndoReason.rejected(rejection)));
  }

  private Optional<String> obstacle(TableId table) {
    return obstacles.computeIfAbsent(table, this::findObstacle);
  }

  private Optional<String> findObstacle(TableId id) {
    String name = input.standing(id).shape().qualifiedName();
    MainTable now = input.main().get(id);
    if (now == null) {
      return Optional.of("table " + name + " was dropped on main");
    }
    if (!now.obstacles().isEmpty()) {
      return Optional.of(
          "nothing can be undone in table " + name + ": " + String.join("; ", now.obstacles()));
    }
    List<Integer> key = input.keyColumns(id);
    boolean sameKey =
        key.isEmpty()
            || (comparableColumns(id).containsAll(key) && now.uniques().contains(Set.copyOf(key)));
    return sameKey
        ? Optional.empty()
        : Optional.of("the key of table " + name + " was changed on main since it was written");
  }

  @Override
  public Map<TableId, Set<Key>> rowsToRead() {
    Map<TableId, Set<Key>> wanted = new LinkedHashMap<>();
    for (Written row : doable) {
      List<Integer> key = input.keyColumns(row.table());
      if (!key.isEmpty()) {
        Set<Key> keys = wanted.computeIfAbsent(row.table(), _ -> new LinkedHashSet<>());
        switch (row) {
          case Written.Inserted inserted -> keys.add(inserted.row().key(key));
          case Written.Updated updated -> {
            keys.add(updated.after().key(key));
            keys.add(updated.before().key(key));
          }
          case Written.Deleted deleted -> keys.add(deleted.row().key(key));
        }
      }
    }
    return wanted;
  }

  @Override
  public Map<TableId, Set<Row>> contentsToRead() {
    Map<TableId, Set<Row>> wanted = new LinkedHashMap<>();
    for (Written row : doable) {
      if (input.keyColumns(row.table()).isEmpty()) {
        Optional<Row> left =
            switch (row) {
              case Written.Inserted inserted -> Optional.of(inserted.row());
              case Written.Updated updated -> Optional.of(updated.after());
              case Written.Deleted ignored -> Optional.empty();
            };
        left.ifPresent(content ->
            wanted.computeIfAbsent(row.table(), _ -> new LinkedHashSet<>()).add(content));
      }
    }
    return wanted;
  }

  @Override
  public Set<Integer> comparableColumns(TableId table) {
    MainTable now = input.main().get(table);
    return now == null
        ? Set.of()
        : input.standing(table).shape().columns().stream()
            .filter(column ->
                now.column(column.number())
                    .filter(same -> same.typeOid() == column.typeOid())
                    .isPresent())
            .map(Column::number)
            .collect(Collectors.toSet());
  }

  @Override
  public List<Integer> keyColumns(TableId table) {
    return input.keyColumns(table);
  }

  @Override
  public Plan plan(MainRows rows) {
    List<UndoReason> reasons = new ArrayList<>(standing);
    reasons.addAll(refusedKeys(rows.refused()));
    while (true) {
      Set<Long> held = held(reasons);
      Inverse inverse =
          new Inverse(
              input,
              this::comparableColumns,
              rows,
              doable.stream().filter(row -> !held.contains(row.units().getFirst())).toList());
      if (inverse.reasons().isEmpty()) {
        return result(held, reasons, inverse);
      }
      reasons.addAll(inverse.reasons());
    }
  }

  private Set<Long> held(Collection<UndoReason> reasons) {
    return new HashSet<>(
        ties.all(reasons.stream().flatMap(reason -> reason.units().stream()).toList()));
  }

  private Plan result(Set<Long> held, List<UndoReason> reasons, Inverse inverse) {
    Map<TableId, MainTable> tables = new HashMap<>(input.main());
    tables.keySet().retainAll(inverse.changes().stream().map(RowChange::table).toList());
    List<Fact> facts =
        reasons.stream().map(reason -> reason.fact(ties.all(reason.units()))).toList();
    return new Plan(
            input.units().stream().filter(unit -> !held.contains(unit)).toList(),
            input.units().stream().filter(held::contains).toList(),
            List.of(),
            inverse.changes(),
            List.of(),
            List.of(),
            facts,
            Set.of(),
            Set.of(),
            List.of(),
            tables,
            tables.keySet().stream().collect(Collectors.toMap(id -> id, this::keyColumns)),
            List.of(),
            inverse.merged(),
            Map.of(),
            "")
        .digested(_ -> "");
  }

  /** A key that main does not take for one any more, such as the name of a table that is gone. */
  private List<UndoReason> refusedKeys(Map<RowRef, String> refused) {
    Map<RowRef, Set<Long>> units = new LinkedHashMap<>();
    for (Written row : refused.isEmpty() ? List.<Written>of() : doable) {
      List<Integer> key = input.keyColumns(row.table());
      List<Row> ends =
          switch (row) {
            case Written.Inserted inserted -> List.of(inserted.row());
            case Written.Updated updated -> List.of(updated.before(), updated.after());
            case Written.Deleted deleted -> List.of(deleted.row());
          };
      ends.stream()
          .filter(_ -> !key.isEmpty())
          .map(end -> new RowRef(row.table(), end.key(key)))
          .filter(refused::containsKey)
          .forEach(
              ref -> units.computeIfAbsent(ref, _ -> new LinkedHashSet<>()).addAll(row.units()));
    }
    return units.entrySet().stream()
        .map(entry -> {
          MainTable table = input.table(entry.getKey().table());
          return UndoReason.rejected(
              new Rejection(
                  table.shape().qualifiedName(),
                  table.named(input.keyColumns(table.id()), entry.getKey().key()),
                  List.copyOf(entry.getValue()),
                  refused.getOrDefault(entry.getKey(), "")));
        })
        .toList();
  }
}
