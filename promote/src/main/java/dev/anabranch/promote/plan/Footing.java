package dev.anabranch.promote.plan;

import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a promotion stood on when it wrote: whoever undoes it looks whether main still is so.
 *
 * @param tables the tables that it wrote
 * @param ground what main had around them
 * @param searchPaths by unit, where the code of main's checks looked for names
 */
public record Footing(Map<TableId, Standing> tables, Ground ground, Map<Long, String> searchPaths) {

  /**
   * A table as main had it.
   *
   * @param shape its columns
   * @param keyColumns the numbers of those that its rows are found by, none for all of them
   */
  public record Standing(TableShape shape, List<Integer> keyColumns) {
    public Standing {
      keyColumns = List.copyOf(keyColumns);
    }
  }

  public Footing {
    tables = Map.copyOf(tables);
    searchPaths = Map.copyOf(searchPaths);
  }

  /** Of a plan, with as much of the ground as its tables stand on. */
  public static Footing of(Plan plan, Ground ground, Map<Long, String> searchPaths) {
    Map<TableId, Standing> tables =
        plan.tables().values().stream()
            .collect(
                Collectors.toMap(
                    MainTable::id,
                    table ->
                        new Standing(
                            table.shape(), plan.keyColumns().getOrDefault(table.id(), List.of()))));
    return new Footing(
        tables,
        new Ground(only(ground.parents(), tables), only(ground.guards(), tables), ground.actsAs()),
        searchPaths);
  }

  private static <T> Map<TableId, T> only(Map<TableId, T> all, Map<TableId, Standing> tables) {
    return all.entrySet().stream()
        .filter(entry -> tables.containsKey(entry.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** The tables' columns as they were. */
  public Map<TableId, TableShape> shapes() {
    return tables.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, table -> table.getValue().shape()));
  }

  /** A unit's search_path, empty where it is not known. */
  public String searchPath(long unit) {
    return searchPaths.getOrDefault(unit, "");
  }
}
