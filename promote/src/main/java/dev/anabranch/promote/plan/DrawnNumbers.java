package dev.anabranch.promote.plan;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.base.TypeOid;
import dev.anabranch.predicate.overlay.Drawn;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds numbers of sequences in what lands, wherever a default, a trigger or a program put them: in
 * columns that are no key, inside texts. Main's sequences are moved past them, so that production's
 * next row meets none; where main has given such a number out itself the unit is held.
 *
 * <p>It also finds the numbers of large objects, and, in columns that no foreign key explains,
 * numbers of rows that get another one on main.
 */
final class DrawnNumbers {

  /** A single digit among words is hardly ever a key, and nearly every text has one. */
  private static final long LEAST_AMONG_WORDS = 10;

  private static final Set<Long> PROSE = TypeOid.set(TypeOid.TEXT, TypeOid.BPCHAR, TypeOid.VARCHAR);

  /** As paths, global ids and people write which one is meant. */
  private static final String NAMING = "[/:#]";

  private static final Pattern DIGITS = Pattern.compile("\\d{1,18}");

  /**
   * Texts, documents, and arrays of them: digits in them may be a part of anything. So they may be
   * in types that Postgres did not come with.
   */
  private static final Set<Long> IN_WORDS =
      TypeOid.set(
          TypeOid.TEXT,
          TypeOid.BPCHAR,
          TypeOid.VARCHAR,
          TypeOid.JSON,
          TypeOid.JSONB,
          TypeOid.TEXT_ARRAY,
          TypeOid.BPCHAR_ARRAY,
          TypeOid.VARCHAR_ARRAY,
          TypeOid.JSON_ARRAY,
          TypeOid.JSONB_ARRAY);

  /**
   * What has digits and keeps no reference: bytea, dates and times with their ranges and arrays,
   * boolean, money, geometry, addresses, bits, uuid, positions of the log, words to search for.
   */
  private static final Set<Long> NEVER_REFER =
      TypeOid.set(
          TypeOid.BOOL,
          TypeOid.BYTEA,
          TypeOid.BOOL_ARRAY,
          TypeOid.BYTEA_ARRAY,
          TypeOid.MONEY,
          TypeOid.MONEY_ARRAY,
          TypeOid.DATE,
          TypeOid.TIME,
          TypeOid.TIMESTAMP,
          TypeOid.TIMESTAMPTZ,
          TypeOid.INTERVAL,
          TypeOid.TIMETZ,
          TypeOid.DATE_ARRAY,
          TypeOid.TIME_ARRAY,
          TypeOid.TIMESTAMP_ARRAY,
          TypeOid.TIMESTAMPTZ_ARRAY,
          TypeOid.INTERVAL_ARRAY,
          TypeOid.TIMETZ_ARRAY,
          TypeOid.TSRANGE,
          TypeOid.TSTZRANGE,
          TypeOid.DATERANGE,
          TypeOid.TSRANGE_ARRAY,
          TypeOid.TSTZRANGE_ARRAY,
          TypeOid.DATERANGE_ARRAY,
          TypeOid.TSMULTIRANGE,
          TypeOid.TSTZMULTIRANGE,
          TypeOid.DATEMULTIRANGE,
          TypeOid.POINT,
          TypeOid.LSEG,
          TypeOid.PATH,
          TypeOid.BOX,
          TypeOid.POLYGON,
          TypeOid.LINE,
          TypeOid.CIRCLE,
          TypeOid.CIDR,
          TypeOid.INET,
          TypeOid.MACADDR,
          TypeOid.MACADDR8,
          TypeOid.CIDR_ARRAY,
          TypeOid.INET_ARRAY,
          TypeOid.MACADDR_ARRAY,
          TypeOid.MACADDR8_ARRAY,
          TypeOid.BIT,
          TypeOid.VARBIT,
          TypeOid.BIT_ARRAY,
          TypeOid.VARBIT_ARRAY,
          TypeOid.UUID,
          TypeOid.UUID_ARRAY,
          TypeOid.PG_LSN,
          TypeOid.PG_LSN_ARRAY,
          TypeOid.TSVECTOR,
          TypeOid.TSQUERY);

  /** A whole number as it stands by itself or in a composite, a range or an array; no price. */
  private static final Pattern NUMBERS = Pattern.compile("(?<![\\d.])\\d{1,18}(?![\\d.])");

  private static final long OID = TypeOid.OID;

  /** The type of the extension of that name, in whatever schema. */
  private static final Pattern LARGE_OBJECT = Pattern.compile("(.*\\.)?lo");

  /** Numbers below are those of Postgres's own objects. */
  private static final long FIRST_OF_USERS = 16_384;

  private final PlanInput input;
  private final OtherNumbers others;
  private final Map<RowChange, String> sharers;
  private final Map<TableId, Set<Integer>> largeObjectsOf = new HashMap<>();
  private final Set<SequenceMove> moves = new LinkedHashSet<>();
  private final List<Reason> reasons = new ArrayList<>();

  /**
   * @param changes all that lands together
   * @param behind what the units wrote that stay
   */
  DrawnNumbers(PlanInput input, List<RowChange> changes, Collection<Step> behind) {
    this.input = input;
    this.others = new OtherNumbers(input, changes, behind);
    this.sharers = OtherNumbers.sharers(input, changes);
  }

  Set<SequenceMove> moves() {
    return moves;
  }

  List<Reason> reasons() {
    return reasons;
  }

  void look(RowChange change) {
    MainTable table = Objects.requireNonNull(input.main().get(change.table()));
    Map<Integer, CellValue> cells =
        switch (change) {
          case RowChange.Insert insert -> insert.cells();
          case RowChange.Update update -> update.cells();
          case RowChange.Delete delete -> Map.of();
        };
    cells.forEach((column, value) -> {
      if (value instanceof CellValue.Known(Cell.Text(String text))) {
        lookForReference(change, table, column, text);
        lookForLargeObject(change, table, column, text);
      }
    });
    String shared = sharers.isEmpty() ? null : sharers.get(change);
    if (shared != null && !input.traps().has(Trap.NUMBERS_IN_KEYS_ALONE)) {
      hold(
          change,
          table,
          "shared number",
          shared
              + "; no foreign key says that they belong together, so give both another number on"
              + " the branch and promote again");
    }
    if (change instanceof RowChange.Insert || !cells.isEmpty()) {
      input.sequences().forEach(use -> follow(use, change, table, cells));
      explicitKeys(table, cells);
    }
  }

  private void follow(
      SequenceUse use, RowChange change, MainTable table, Map<Integer, CellValue> cells) {
    Drawn drawn = input.drawn().get(use.generator().id());
    if (drawn == null) {
      return;
    }
    boolean isKnown = !use.columns().isEmpty();
    Set<Integer> columns =
        isKnown ? use.columns().getOrDefault(table.id(), Set.of()) : cells.keySet();
    boolean found = false;
    boolean looked = !isKnown;
    for (Map.Entry<Integer, CellValue> cell : cells.entrySet()) {
      int column = cell.getKey();
      if (cell.getValue() instanceof CellValue.Known(Cell.Text(String text))
          && mayRefer(table, column)) {
        boolean isItsOwn = columns.contains(column);
        looked |= isItsOwn;
        for (long number : numbersIn(table, column, text)) {
          if (drawn.mayHave(number)) {
            found = true;
            take(use, change, table, column, number, isKnown, isItsOwn);
          }
        }
      }
    }
    // A default may write a number in a way that can't be read: then all that were drawn count.
    if (!found && change instanceof RowChange.Insert && looked) {
      past(use.generator(), drawn.upTo(), false);
    }
  }

  private void take(
      SequenceUse use,
      RowChange change,
      MainTable table,
      int column,
      long number,
      boolean isKnown,
      boolean isItsOwn) {
    Generator generator = use.generator();
    boolean decides = isItsOwn && (isKnown || table.indexed().contains(column));
    if (!decides) {
      past(generator, number, false);
    } else if (generator.hasPassed(number)) {
      hold(
          change,
          table,
          "drawn number in " + table.columnName(column),
          "column "
              + table.columnName(column)
              + " of a new row of "
              + table.shape().qualifiedName()
              + " holds number "
              + number
              + " of sequence "
              + generator.sequence()
              + ", which main's sequence has passed since; give it another number on the branch and"
              + " promote again");
    } else if (!generator.reaches(number)) {
      hold(
          change,
          table,
          "sequence " + generator.sequence(),
          "sequence "
              + generator.sequence()
              + " of main is far behind number "
              + number
              + ", which lands in "
              + table.shape().qualifiedName()
              + "; move it on with setval on main and promote again");
    } else {
      past(generator, number, isKnown);
    }
  }

  /** What somebody chose, just ahead of the sequence, would be given out again. */
  private void explicitKeys(MainTable table, Map<Integer, CellValue> cells) {
    table
        .generators()
        .forEach((column, generator) -> {
          if (cells.get(column) instanceof CellValue.Known(Cell.Text(String text))
              && DIGITS.matcher(text).matches()) {
            past(generator, Long.parseLong(text), false);
          }
        });
  }

  private void past(Generator generator, long number, boolean drawn) {
    if (!generator.hasPassed(number) && generator.reaches(number)) {
      moves.add(new SequenceMove(generator, number, drawn));
    }
  }

  private void lookForReference(RowChange change, MainTable table, int column, String text) {
    if (others.isEmpty()
        || !mayRefer(table, column)
        || isExplained(table, column)
        || input.traps().has(Trap.NUMBERS_IN_KEYS_ALONE)) {
      return;
    }
    numbersIn(table, column, text).stream()
        .filter(one ->
            one >= LEAST_AMONG_WORDS
                || DIGITS.matcher(text).matches()
                || !isProse(table, column)
                || isNamed(text, one))
        .sorted()
        .flatMap(one ->
            others.meant(change, table, column, one).map(what -> one + ", and " + what).stream())
        .findFirst()
        .ifPresent(meant ->
            hold(
                change,
                table,
                "reference in " + table.columnName(column),
                "column "
                    + table.columnName(column)
                    + " of "
                    + table.shape().qualifiedName()
                    + " holds "
                    + meant
                    + "; no foreign key says whether it is meant, so write the number that it has"
                    + " on main, or another one on both, on the branch and promote again"));
  }

  private static boolean isProse(MainTable table, int column) {
    return table.column(column).filter(one -> PROSE.contains(one.typeOid())).isPresent();
  }

  private static boolean isNamed(String text, long number) {
    return Pattern.compile(NAMING + number + "(?!\\d)").matcher(text).find();
  }

  /** What was written into a large object is in no unit; a row alone would point at another one. */
  private void lookForLargeObject(RowChange change, MainTable table, int column, String text) {
    if (largeObjectsOf.computeIfAbsent(table.id(), _ -> largeObjectColumns(table)).contains(column)
        && !input.traps().has(Trap.LARGE_OBJECTS_FOLLOW)
        && DIGITS.matcher(text).matches()
        && Long.parseLong(text) >= FIRST_OF_USERS) {
      hold(
          change,
          table,
          "large object in " + table.columnName(column),
          "column "
              + table.columnName(column)
              + " of "
              + table.shape().qualifiedName()
              + " holds "
              + text
              + ", the number of a large object; large objects of a branch are not folded back, so"
              + " keep the content in a bytea column or write this row on main");
    }
  }

  private static Set<Integer> largeObjectColumns(MainTable table) {
    return table.shape().columns().stream()
        .filter(column ->
            column.typeOid() == OID
                || LARGE_OBJECT.matcher(table.types().getOrDefault(column.number(), "")).matches())
        .map(Column::number)
        .collect(Collectors.toSet());
  }

  private static boolean isExplained(MainTable table, int column) {
    return table.references().stream().anyMatch(key -> key.childColumns().contains(column));
  }

  private static boolean mayRefer(MainTable table, int column) {
    return table.typeOf(column).filter(type -> !NEVER_REFER.contains(type)).isPresent();
  }

  /** Of a number with decimals, its digits are none; where that may be a path, they are. */
  private static Set<Long> numbersIn(MainTable table, int column, String text) {
    boolean words =
        table
            .typeOf(column)
            .filter(type -> IN_WORDS.contains(type) || type >= FIRST_OF_USERS)
            .isPresent();
    Set<Long> numbers = new HashSet<>();
    Matcher matcher = (words ? DIGITS : NUMBERS).matcher(text);
    while (matcher.find()) {
      numbers.add(Long.parseLong(matcher.group()));
    }
    return numbers;
  }

  private void hold(RowChange change, MainTable table, String what, String sentence) {
    BitSet units = new BitSet();
    for (int i = 0; i < input.pending().size(); i++) {
      if (change.units().contains(input.pending().get(i).id())) {
        units.set(i);
      }
    }
    reasons.add(
        Reason.constraint(
            input.decisions(),
            table.shape().qualifiedName(),
            List.of(what, change.key().toString()),
            sentence,
            units));
  }
}
