package dev.anabranch.predicate.footprint;

import dev.anabranch.base.TableId;
import dev.anabranch.predicate.footprint.Tree.Node;
import dev.anabranch.predicate.match.Condition;
import dev.anabranch.predicate.match.Condition.Family;
import dev.anabranch.predicate.match.Scalar;
import dev.anabranch.predicate.match.ValueReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is known of the rows that an INSERT is given. Of rows that are not given but read, and of
 * columns whose equality is not known exactly, nothing.
 */
record GivenRows(Functions functions, Scope scope) {

  private static final int VALUES = 5;

  /** Each row that it inserts is one of these. */
  Condition inserted() {
    return either(row ->
        scope.query.nodes("targetList").stream()
            .filter(entry -> !entry.flag("resjunk"))
            .flatMap(entry ->
                value(entry.index("resno"), row)
                    .flatMap(
                        value -> equal(entry.index("resno"), ConditionReader.typeOf(value), value))
                    .stream())
            .toList());
  }

  /**
   * The rows that ON CONFLICT may find: those that have, in the columns that it names, the values
   * that one of the given rows has.
   */
  Condition conflicting() {
    Node conflict = scope.query.node("onConflict");
    List<Integer> columns = new ArrayList<>();
    for (Node element : conflict.nodes("arbiterElems")) {
      if (!(element.get("expr") instanceof Node column && column.is("VAR"))
          || element.number("inferopclass") != 0) {
        return Condition.ALWAYS;
      }
      columns.add(column.index("varattno"));
    }
    return columns.isEmpty()
        ? Condition.ALWAYS
        : either(row ->
            conflict.nodes("arbiterElems").stream()
                .map(element -> element.node("expr"))
                .filter(column -> column.number("vartype") != ValueReader.TEXT || !isLoose())
                .flatMap(column ->
                    value(column.index("varattno"), row)
                        .flatMap(value ->
                            equal(column.index("varattno"), column.number("vartype"), value))
                        .stream())
                .toList());
  }

  private Condition either(Function<Node, List<Condition>> ofRow) {
    Optional<List<Node>> rows = givenRows();
    if (rows.isEmpty()) {
      return Condition.ALWAYS;
    }
    List<Condition> any = rows.get().stream().map(row -> Condition.all(ofRow.apply(row))).toList();
    return any.size() == 1 ? any.getFirst() : new Condition.Or(any);
  }

  /** Each row's expressions as a node with the field {@code items}; one for INSERT … VALUES (…). */
  private Optional<List<Node>> givenRows() {
    List<Node> joined = scope.query.node("jointree").nodes("fromlist");
    if (joined.isEmpty()) {
      return Optional.of(List.of(new Node("GIVEN", Map.of())));
    }
    boolean values =
        joined.size() == 1
            && joined.getFirst().is("RANGETBLREF")
            && scope.kind(joined.getFirst().index("rtindex")) == VALUES;
    if (!values) {
      return Optional.empty();
    }
    Node entry = scope.entry(joined.getFirst().index("rtindex"));
    return Optional.of(
        entry.list("values_lists").stream()
            .map(row -> new Node("GIVEN", Map.of("items", List.of(row))))
            .toList());
  }

  /** What a given row has in a column of the table. */
  private Optional<Node> value(int column, Node row) {
    Optional<Node> assigned =
        scope.query.nodes("targetList").stream()
            .filter(entry -> entry.index("resno") == column && !entry.flag("resjunk"))
            .map(entry -> entry.get("expr"))
            .filter(Node.class::isInstance)
            .map(Node.class::cast)
            .findFirst();
    if (assigned.isEmpty() || !assigned.get().is("VAR")) {
      return assigned.filter(GivenRows::isGiven);
    }
    List<Tree> items = row.list("items");
    int place = assigned.get().index("varattno");
    return place >= 1 && place <= items.size() && items.get(place - 1) instanceof Node given
        ? Optional.of(given).filter(GivenRows::isGiven)
        : Optional.empty();
  }

  /** Whether a unique index of the table takes different texts for one. */
  private boolean isLoose() {
    long target = scope.entry(scope.query.index("resultRelation")).number("relid");
    return functions.catalog().loose().contains(new TableId(target));
  }

  private static boolean isGiven(Node value) {
    return value.is("CONST") || value.is("PARAM");
  }

  /** NULLs may be equal to each other for a unique index. */
  private Optional<Condition> equal(int column, long type, Node value) {
    if (ConditionReader.typeOf(value) != type) {
      return Optional.empty();
    }
    Scalar given =
        value.is("CONST")
            ? new Scalar.Literal(ConstReader.read(value, functions.catalog()))
            : new Scalar.ParameterOf(value.index("paramid"), type);
    return family(type)
        .map(family ->
            new Condition.Not(
                new Condition.Distinct(family, new Scalar.ColumnOf(column, type), given)));
  }

  private Optional<Family> family(long type) {
    boolean texts = functions.catalog().exactCharacters();
    return switch ((int) type) {
      case (int) ValueReader.INT2, (int) ValueReader.INT4, (int) ValueReader.INT8 ->
          Optional.of(Family.INTEGER);
      case (int) ValueReader.UUID -> Optional.of(Family.BYTES);
      case (int) ValueReader.DATE, (int) ValueReader.TIMESTAMPTZ -> Optional.of(Family.TIME);
      case (int) ValueReader.TEXT -> texts ? Optional.of(Family.TEXT) : Optional.empty();
      default -> Optional.empty();
    };
  }
}
