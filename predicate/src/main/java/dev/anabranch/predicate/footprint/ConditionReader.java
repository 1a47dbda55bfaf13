package dev.anabranch.predicate.footprint;

import dev.anabranch.predicate.footprint.Tree.Node;
import dev.anabranch.predicate.match.Condition;
import dev.anabranch.predicate.match.Condition.Comparison;
import dev.anabranch.predicate.match.Scalar;
import dev.anabranch.predicate.match.Truth;
import dev.anabranch.predicate.match.Value;
import dev.anabranch.predicate.match.ValueReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Turns a boolean expression of the query tree into a {@link Condition} on the rows of one
 * range-table entry. What it does not know becomes {@link Condition.Unknown}, which only widens.
 *
 * @param functions what is known of routines
 * @param rangeTableIndex the entry whose columns are columns here; all others are opaque
 * @param defaultCollationIsC whether the database's own collation orders text by its bytes
 */
record ConditionReader(Functions functions, int rangeTableIndex, boolean defaultCollationIsC) {

  private static final long DEFAULT_COLLATION = 100;
  private static final long C_COLLATION = 950;
  private static final long POSIX_COLLATION = 951;
  private static final long C_UTF8_COLLATION = 811;

  Condition read(Tree tree) {
    if (!(tree instanceof Node node)) {
      return new Condition.Unknown("no expression");
    }
    return switch (node.tag()) {
      case "BOOLEXPR" -> connective(node);
      case "OPEXPR" -> operator(node);
      case "DISTINCTEXPR" -> distinct(node);
      case "SCALARARRAYOPEXPR" -> arrayOperator(node);
      case "NULLTEST" -> nullTest(node);
      case "BOOLEANTEST" -> booleanTest(node);
      case "VAR", "CONST", "PARAM", "RELABELTYPE" -> new Condition.Bare(scalar(node));
      default -> new Condition.Unknown(node.tag());
    };
  }

  private Condition connective(Node node) {
    List<Condition> parts = node.nodes("args").stream().map(this::read).toList();
    return switch (node.text("boolop")) {
      case "and" -> new Condition.And(parts);
      case "or" -> new Condition.Or(parts);
      case "not" ->
          parts.size() == 1 ? new Condition.Not(parts.getFirst()) : new Condition.Unknown("not");
      default -> new Condition.Unknown(node.text("boolop"));
    };
  }

  private Condition operator(Node node) {
    List<Node> args = node.nodes("args");
    long function = node.number("opfuncid");
    long operator = node.number("opno");
    if (args.size() != 2 || operator >= Catalog.FIRST_USER_OID || node.flag("opretset")) {
      return new Condition.Unknown("operator " + operator);
    }
    if (!isDeterministic(node)) {
      return new Condition.Unknown("collation");
    }
    Scalar left = scalar(args.get(0));
    Scalar right = scalar(args.get(1));
    boolean like = functions.isLike(function) || functions.isNotLike(function);
    if (like && !functions.catalog().exactCharacters()) {
      return new Condition.Unknown("characters of another encoding");
    }
    if (functions.isLike(function)) {
      return new Condition.Like(left, right);
    }
    if (functions.isNotLike(function)) {
      return new Condition.Not(new Condition.Like(left, right));
    }
    return comparison(node, function)
        .<Condition>map(
            known -> new Condition.Compare(known.comparison(), known.family(), left, right))
        .orElseGet(() -> new Condition.Unknown("operator " + operator));
  }

  private Condition distinct(Node node) {
    List<Node> args = node.nodes("args");
    return comparison(node, node.number("opfuncid"))
        .filter(known ->
            known.comparison() == Comparison.EQ && args.size() == 2 && isDeterministic(node))
        .<Condition>map(known ->
            new Condition.Distinct(known.family(), scalar(args.get(0)), scalar(args.get(1))))
        .orElseGet(() -> new Condition.Unknown("is distinct from"));
  }

  /** {@code x = ANY (ARRAY[…])}, which IN is too, and {@code x <> ALL (ARRAY[…])}. */
  private Condition arrayOperator(Node node) {
    List<Node> args = node.nodes("args");
    Optional<Functions.KnownComparison> known = comparison(node, node.number("opfuncid"));
    if (args.size() != 2 || known.isEmpty() || !isDeterministic(node)) {
      return new Condition.Unknown("array operator");
    }
    Optional<List<Tree>> elements = elements(args.get(1));
    if (elements.isEmpty()) {
      return new Condition.Unknown("array");
    }
    Scalar left = scalar(args.get(0));
    Function<Tree, Condition> one =
        element ->
            new Condition.Compare(
                known.get().comparison(), known.get().family(), left, scalar(element));
    List<Condition> parts = new ArrayList<>();
    elements.get().forEach(element -> parts.add(one.apply(element)));
    return node.flag("useOr") ? new Condition.Or(parts) : new Condition.And(parts);
  }

  private static Optional<List<Tree>> elements(Node array) {
    if (array.is("RELABELTYPE")) {
      return elements(array.node("arg"));
    }
    boolean plain = (array.is("ARRAYEXPR") || array.is("ARRAY")) && !array.flag("multidims");
    return plain ? Optional.of(array.list("elements")) : Optional.empty();
  }

  private Condition nullTest(Node node) {
    if (node.flag("argisrow")) {
      return new Condition.Unknown("row is null");
    }
    Condition isNull = new Condition.IsNull(scalar(node.node("arg")));
    return switch (node.text("nulltesttype")) {
      case "0" -> isNull;
      case "1" -> new Condition.Not(isNull);
      default -> new Condition.Unknown("null test");
    };
  }

  private Condition booleanTest(Node node) {
    Condition part = read(node.get("arg"));
    return switch (node.text("booltesttype")) {
      case "0" -> new Condition.Is(part, Truth.TRUE);
      case "1" -> new Condition.Is(part, Truth.FALSE_OR_NULL);
      case "2" -> new Condition.Is(part, Truth.FALSE);
      case "3" -> new Condition.Is(part, Truth.TRUE_OR_NULL);
      case "4" -> new Condition.Is(part, Truth.NULL);
      case "5" -> new Condition.Is(part, Truth.TRUE_OR_FALSE);
      default -> new Condition.Unknown("boolean test");
    };
  }

  private Optional<Functions.KnownComparison> comparison(Node node, long function) {
    long collation = node.number("inputcollid");
    boolean isC = isC(collation, defaultCollationIsC);
    return node.number("opno") >= Catalog.FIRST_USER_OID
        ? Optional.empty()
        : functions.comparison(function, isC).map(this::inItsEncoding);
  }

  /** Whether a collation orders text by its bytes. */
  static boolean isC(long collation, boolean defaultCollationIsC) {
    return collation == C_COLLATION
        || collation == POSIX_COLLATION
        || collation == C_UTF8_COLLATION
        || (collation == DEFAULT_COLLATION && defaultCollationIsC);
  }

  /** Where two texts of Unicode may be one, only ASCII is told apart. */
  private Functions.KnownComparison inItsEncoding(Functions.KnownComparison known) {
    boolean textual =
        known.family() == Condition.Family.TEXT
            || known.family() == Condition.Family.TEXT_C
            || known.family() == Condition.Family.BPCHAR;
    return textual && !functions.catalog().exactCharacters()
        ? new Functions.KnownComparison(known.comparison(), Condition.Family.TEXT_ASCII)
        : known;
  }

  /** Every collation that initdb makes is deterministic; a user's may not be. */
  private static boolean isDeterministic(Node node) {
    return node.number("inputcollid") < Catalog.FIRST_USER_OID;
  }

  Scalar scalar(Tree tree) {
    if (!(tree instanceof Node node)) {
      return new Scalar.Opaque("no expression");
    }
    return switch (node.tag()) {
      case "VAR" -> column(node);
      case "CONST" -> new Scalar.Literal(ConstReader.read(node, functions.catalog()));
      case "PARAM" -> parameter(node);
      case "RELABELTYPE" -> relabelled(node);
      case "COLLATEEXPR" -> scalar(node.get("arg"));
      case "FUNCEXPR" -> cast(node);
      case "COERCEVIAIO" -> new Scalar.Literal(fromText(node, functions.catalog()));
      default -> new Scalar.Opaque(node.tag());
    };
  }

  private static final Set<Long> READ_FROM_TEXT =
      Set.of(
          ValueReader.INT2,
          ValueReader.INT4,
          ValueReader.INT8,
          ValueReader.UUID,
          ValueReader.TEXT,
          ValueReader.VARCHAR);

  /** A constant text read as a value of a type whose texts depend on no setting. */
  static Value fromText(Node cast, Catalog catalog) {
    long result = cast.number("resulttype");
    return READ_FROM_TEXT.contains(result)
            && cast.get("arg") instanceof Node argument
            && argument.is("CONST")
            && argument.number("consttype") == ValueReader.TEXT
            && ConstReader.read(argument, catalog) instanceof Value.Characters(String text)
        ? ValueReader.read(result, text)
        : Value.Special.UNKNOWN;
  }

  private Scalar column(Node node) {
    boolean own = node.number("varlevelsup") == 0 && node.index("varno") == rangeTableIndex;
    return own && node.index("varattno") > 0
        ? new Scalar.ColumnOf(node.index("varattno"), node.number("vartype"))
        : new Scalar.Opaque("another relation");
  }

  private static Scalar parameter(Node node) {
    return node.text("paramkind").equals("0")
        ? new Scalar.ParameterOf(node.index("paramid"), node.number("paramtype"))
        : new Scalar.Opaque("inner parameter");
  }

  private Scalar relabelled(Node node) {
    Node argument = node.node("arg");
    boolean textual = isTextual(typeOf(argument));
    long result = node.number("resulttype");
    return textual && (isTextual(result) || result == ValueReader.BPCHAR)
        ? scalar(argument)
        : new Scalar.Opaque("relabelled type");
  }

  private static boolean isTextual(long type) {
    return type == ValueReader.TEXT || type == ValueReader.VARCHAR;
  }

  private Scalar cast(Node node) {
    List<Node> args = node.nodes("args");
    if (args.size() != 1 || node.flag("funcretset")) {
      return new Scalar.Opaque("function");
    }
    long function = node.number("funcid");
    long argumentType = typeOf(args.getFirst());
    if (functions.keepsInteger(function, argumentType, node.number("funcresulttype"))) {
      return scalar(args.getFirst());
    }
    return functions
        .widening(function, argumentType)
        .<Scalar>map(widening -> new Scalar.Widened(widening, scalar(args.getFirst())))
        .orElseGet(() -> new Scalar.Opaque(functions.nameOf(function)));
  }

  /** The type of an expression, or 0 when it is none of the simple ones. */
  static long typeOf(Node node) {
    return switch (node.tag()) {
      case "VAR" -> node.number("vartype");
      case "CONST" -> node.number("consttype");
      case "PARAM" -> node.number("paramtype");
      case "RELABELTYPE" -> node.number("resulttype");
      case "FUNCEXPR" -> node.number("funcresulttype");
      case "OPEXPR" -> node.number("opresulttype");
      case "COLLATEEXPR" -> typeOf(node.node("arg"));
      default -> 0;
    };
  }
}
