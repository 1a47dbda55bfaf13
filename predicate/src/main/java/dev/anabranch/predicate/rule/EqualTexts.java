package dev.anabranch.predicate.rule;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.TypeOid;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.ColumnFacts;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import dev.anabranch.predicate.match.ValueReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** In which columns equal values are equal texts, and what rows have there. */
final class EqualTexts {

  private static final long BOOL = TypeOid.BOOL;
  private static final long BYTEA = TypeOid.BYTEA;
  private static final long OID = TypeOid.OID;
  private static final long VARCHAR = TypeOid.VARCHAR;

  private static final Set<Long> SPELLED_ONE_WAY =
      Set.of(
          BOOL,
          BYTEA,
          OID,
          ValueReader.INT2,
          ValueReader.INT4,
          ValueReader.INT8,
          ValueReader.UUID,
          ValueReader.DATE,
          ValueReader.TIMESTAMP,
          ValueReader.TIMESTAMPTZ);

  private static final Set<Long> INTEGERS =
      Set.of(ValueReader.INT2, ValueReader.INT4, ValueReader.INT8);

  private static final Set<Long> TEXTS = Set.of(ValueReader.TEXT, VARCHAR);

  private EqualTexts() {}

  static boolean isOneWay(Relation relation, int number) {
    int place = relation.shape().indexOf(number);
    ColumnFacts facts = relation.columnFacts().get(number);
    return place >= 0 && facts != null && isOneWay(relation.shape().columns().get(place), facts);
  }

  private static boolean isOneWay(Column column, ColumnFacts facts) {
    return SPELLED_ONE_WAY.contains(column.typeOid())
        || (TEXTS.contains(column.typeOid()) && facts.collationDeterministic());
  }

  /** Whether equal values of two columns are equal texts. */
  static boolean isOneWay(Relation one, int number, Relation other, int otherNumber) {
    return isOneWay(one, number)
        && isOneWay(other, otherNumber)
        && family(one, number) == family(other, otherNumber);
  }

  private static long family(Relation relation, int number) {
    long type = relation.shape().columns().get(relation.shape().indexOf(number)).typeOid();
    return INTEGERS.contains(type)
        ? ValueReader.INT8
        : TEXTS.contains(type) ? ValueReader.TEXT : type;
  }

  /** Empty when one of them is not a text that is known. */
  static Optional<List<String>> texts(TableShape layout, List<Integer> columns, Image row) {
    List<String> texts = new ArrayList<>();
    for (int column : columns) {
      Optional<String> text = text(layout, column, row);
      if (text.isEmpty()) {
        return Optional.empty();
      }
      texts.add(text.get());
    }
    return Optional.of(texts);
  }

  static Optional<String> text(TableShape layout, int column, Image row) {
    int place = layout.indexOf(column);
    return place >= 0 && row.cells().get(place) instanceof Cell.Text(String text)
        ? Optional.of(text)
        : Optional.empty();
  }

  /** Whether a row is known to have NULL in one of the columns. */
  static boolean hasNull(TableShape layout, List<Integer> columns, Image row) {
    return columns.stream()
        .map(layout::indexOf)
        .anyMatch(place -> place >= 0 && row.cells().get(place) == Cell.Absent.NULL);
  }
}
