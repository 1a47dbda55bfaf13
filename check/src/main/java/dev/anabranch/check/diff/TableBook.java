package dev.anabranch.check.diff;

import dev.anabranch.base.Column;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The tables that a diff is about, by number, and what is counted and said of each. */
final class TableBook {

  /** One of them, while it is counted. */
  private static final class Page {
    private final TableNames.Named named;
    private final Map<ChangedRow.Kind, Long> counts = new EnumMap<>(ChangedRow.Kind.class);
    private Optional<String> note = Optional.empty();
    private Optional<List<Integer>> key = Optional.empty();
    private long emptiedAt = -1;

    Page(TableNames.Named named) {
      this.named = named;
    }

    boolean says() {
      return note.isPresent() || !counts.isEmpty();
    }

    private long count(ChangedRow.Kind kind) {
      return counts.getOrDefault(kind, 0L);
    }

    DiffTable table() {
      return new DiffTable(
          named.schema(),
          named.name(),
          count(ChangedRow.Kind.INSERT),
          count(ChangedRow.Kind.UPDATE),
          count(ChangedRow.Kind.DELETE),
          emptiedAt >= 0,
          note);
    }
  }

  private final Map<TableId, Integer> numbers = new HashMap<>();
  private final List<TableId> ids = new ArrayList<>();
  private final List<Page> pages = new ArrayList<>();
  private final Set<ChangedRow.Kind> kinds;

  /**
   * @param kinds rows of which something else became are passed over
   */
  TableBook(Set<ChangedRow.Kind> kinds) {
    this.kinds = kinds;
  }

  int number(TableId table, TableNames.Named named) {
    Integer known = numbers.get(table);
    if (known != null) {
      return known;
    }
    numbers.put(table, pages.size());
    ids.add(table);
    pages.add(new Page(named));
    return pages.size() - 1;
  }

  TableId id(int number) {
    return ids.get(number);
  }

  /** The first thing that is said of a table stays. */
  void note(int table, String sentence) {
    Page page = pages.get(table);
    page.note = page.note.or(() -> Optional.of(sentence));
  }

  /** All that was in it is gone; what was written to it before this place is void. */
  void empty(int table, long place, String sentence) {
    Page page = pages.get(table);
    page.emptiedAt = place;
    page.note = Optional.of(sentence);
  }

  /** By table, for {@link NetEffect#sum}. */
  Map<Integer, Long> emptied() {
    Map<Integer, Long> places = new HashMap<>();
    for (int i = 0; i < pages.size(); i++) {
      if (pages.get(i).emptiedAt >= 0) {
        places.put(i, pages.get(i).emptiedAt);
      }
    }
    return places;
  }

  /** A table by whose rows' names one row may be two has to say so. */
  void keyIs(int table, TableShape shape) {
    Page page = pages.get(table);
    List<Integer> key = shape.keyColumns().stream().map(Column::number).toList();
    if (page.key.isEmpty()) {
      page.key = Optional.of(key);
    } else if (!page.key.get().equals(key)) {
      note(table, "its key was changed meanwhile, so that one row may be told as two");
    }
  }

  /** Whether the row is wanted; if so, it is counted. */
  boolean count(ChangedRow row) {
    if (!kinds.contains(row.kind())) {
      return false;
    }
    pages.get(row.table()).counts.merge(row.kind(), 1L, Long::sum);
    return true;
  }

  /** All of them, by number. */
  List<DiffTable> all() {
    return pages.stream().map(Page::table).toList();
  }

  /** Those of which there is something to tell, by name. */
  List<DiffTable> told() {
    return pages.stream()
        .filter(Page::says)
        .map(Page::table)
        .sorted(Comparator.comparing(DiffTable::qualifiedName))
        .toList();
  }

  /** Good once all tables are known. */
  Comparator<ChangedRow> order(DiffRequest.Order order) {
    Comparator<ChangedRow> byTime = Comparator.comparingLong(ChangedRow::place);
    return switch (order) {
      case TIME -> byTime;
      case TABLE -> {
        List<String> names = pages.stream().map(page -> page.named.qualified()).toList();
        int[] ranks =
            names.stream()
                .mapToInt(name -> (int) names.stream().filter(n -> n.compareTo(name) < 0).count())
                .toArray();
        yield Comparator.<ChangedRow>comparingInt(row -> ranks[row.table()])
            .thenComparingInt(ChangedRow::table)
            .thenComparing(byTime);
      }
    };
  }
}
