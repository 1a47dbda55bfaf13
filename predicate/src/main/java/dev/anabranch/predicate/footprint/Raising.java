package dev.anabranch.predicate.footprint;

import dev.anabranch.base.TypeOid;
import dev.anabranch.predicate.footprint.Tree.Node;
import dev.anabranch.predicate.match.Value;
import java.util.List;
import java.util.Set;

/**
 * Whether evaluating an expression on some row could raise an error.
 *
 * <p>Postgres may evaluate the conjuncts of a WHERE in any order. If one of them can raise, a row
 * that another conjunct turns away can still make the statement fail, so no conjunct may be used to
 * ignore rows.
 */
final class Raising {

  /** Nodes that never raise of themselves; what is inside them is looked at. */
  private static final Set<String> HARMLESS =
      Set.of(
          "VAR",
          "CONST",
          "PARAM",
          "BOOLEXPR",
          "NULLTEST",
          "BOOLEANTEST",
          "RELABELTYPE",
          "COALESCEEXPR",
          "COALESCE",
          "CASEEXPR",
          "CASE",
          "CASEWHEN",
          "WHEN",
          "CASETESTEXPR",
          "SQLVALUEFUNCTION",
          "COLLATEEXPR",
          "TARGETENTRY",
          "SORTGROUPCLAUSE",
          "QUERY",
          "RANGETBLENTRY",
          "ALIAS",
          "RTEPERMISSIONINFO",
          "FROMEXPR",
          "JOINEXPR",
          "RANGETBLREF",
          "ARRAYEXPR",
          "ARRAY",
          "ROWEXPR",
          "ROW");

  private static final Set<Long> SUMMED_WITHOUT_OVERFLOW =
      TypeOid.set(TypeOid.INT8, TypeOid.INT2, TypeOid.INT4, TypeOid.NUMERIC);

  private final Functions functions;

  Raising(Functions functions) {
    this.functions = functions;
  }

  boolean mayRaise(Tree tree) {
    if (isConstant(tree) && !asksForSetting(tree)) {
      // Evaluated once, rows or no rows.
      return false;
    }
    if (tree instanceof Node node && !isHarmless(node)) {
      return true;
    }
    return tree.children().anyMatch(this::mayRaise);
  }

  private boolean isHarmless(Node node) {
    return switch (node.tag()) {
      case "OPEXPR", "DISTINCTEXPR", "NULLIFEXPR", "SCALARARRAYOPEXPR" -> operatorNeverFails(node);
      case "COERCEVIAIO" -> readsGivenText(node);
      case "FUNCEXPR" -> callNeverFails(node.number("funcid"), node, node.number("funcresulttype"));
      case "AGGREF" -> aggregateNeverFails(node);
      case "SUBLINK" -> sublinkNeverFails(node);
      default -> HARMLESS.contains(node.tag());
    };
  }

  /** A constant that is known to be the text of such a value. */
  private boolean readsGivenText(Node node) {
    return ConditionReader.fromText(node, functions.catalog()) != Value.Special.UNKNOWN;
  }

  private boolean operatorNeverFails(Node node) {
    long function = node.number("opfuncid");
    if (functions.isLike(function) || functions.isNotLike(function)) {
      return node.number("inputcollid") < Catalog.FIRST_USER_OID
          && endsWell(node.nodes("args").getLast());
    }
    return node.number("opno") < Catalog.FIRST_USER_OID
        && callNeverFails(function, node, TypeOid.BOOL);
  }

  /** A LIKE pattern that ends in its escape character raises. */
  private boolean endsWell(Node pattern) {
    return pattern.is("CONST")
        && ConstReader.read(pattern, functions.catalog()) instanceof Value.Characters(String text)
        && !text.endsWith("\\");
  }

  private boolean callNeverFails(long function, Node node, long resultType) {
    List<Node> args = node.nodes("args");
    if (functions.isCurrentSetting(function)) {
      return args.size() == 2; // It gives NULL for what is not set, as its second argument asks.
    }
    long argumentType = args.isEmpty() ? 0 : ConditionReader.typeOf(args.getFirst());
    return functions.neverFails(function, argumentType, resultType);
  }

  private boolean aggregateNeverFails(Node node) {
    long function = node.number("aggfnoid");
    if (functions.nameOf(function).equals("sum") && function < Catalog.FIRST_USER_OID) {
      return node.list("args").stream()
          .allMatch(argument ->
              argument instanceof Node entry
                  && SUMMED_WITHOUT_OVERFLOW.contains(ConditionReader.typeOf(entry.node("expr"))));
    }
    return functions.neverFails(function, 0, 0);
  }

  /** A scalar subquery raises when it finds two rows, unless it can't. */
  private static boolean sublinkNeverFails(Node node) {
    return switch (node.text("subLinkType")) {
      case "0", "1", "2", "6" -> true;
      case "4" -> {
        Node query = node.node("subselect");
        yield query.flag("hasAggs")
            && query.list("groupClause").isEmpty()
            && query.list("groupingSets").isEmpty()
            && query.list("setOperations").isEmpty()
            && !query.flag("hasTargetSRFs");
      }
      default -> false;
    };
  }

  /** A setting that nobody has set makes the statement fail, but only where a row gets there. */
  private boolean asksForSetting(Tree tree) {
    return (tree instanceof Node node
            && node.is("FUNCEXPR")
            && functions.isCurrentSetting(node.number("funcid")))
        || tree.children().anyMatch(this::asksForSetting);
  }

  private static boolean isConstant(Tree tree) {
    if (tree instanceof Node node
        && Set.of("VAR", "PARAM", "SUBLINK", "QUERY", "AGGREF", "WINDOWFUNC", "CASETESTEXPR")
            .contains(node.tag())) {
      return false;
    }
    return tree.children().allMatch(Raising::isConstant);
  }
}
