package dev.anabranch.predicate.footprint;

import dev.anabranch.predicate.footprint.Tree.Node;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The nodes of query trees that are understood, and the fields that name routines and operators.
 */
final class Vocabulary {

  private static final Set<String> KNOWN =
      Set.of(
          "QUERY",
          "RANGETBLENTRY",
          "ALIAS",
          "RTEPERMISSIONINFO",
          "FROMEXPR",
          "JOINEXPR",
          "RANGETBLREF",
          "TARGETENTRY",
          "VAR",
          "CONST",
          "PARAM",
          "AGGREF",
          "GROUPINGFUNC",
          "WINDOWFUNC",
          "SUBSCRIPTINGREF",
          "FUNCEXPR",
          "NAMEDARGEXPR",
          "OPEXPR",
          "DISTINCTEXPR",
          "NULLIFEXPR",
          "SCALARARRAYOPEXPR",
          "BOOLEXPR",
          "SUBLINK",
          "FIELDSELECT",
          "FIELDSTORE",
          "RELABELTYPE",
          "COERCEVIAIO",
          "ARRAYCOERCEEXPR",
          "CONVERTROWTYPEEXPR",
          "COLLATEEXPR",
          "CASEEXPR",
          "CASE",
          "CASEWHEN",
          "WHEN",
          "CASETESTEXPR",
          "ARRAYEXPR",
          "ARRAY",
          "ROWEXPR",
          "ROW",
          "ROWCOMPAREEXPR",
          "ROWCOMPARE",
          "COALESCEEXPR",
          "COALESCE",
          "MINMAXEXPR",
          "MINMAX",
          "SQLVALUEFUNCTION",
          "NULLTEST",
          "BOOLEANTEST",
          "COERCETODOMAIN",
          "COERCETODOMAINVALUE",
          "SETTODEFAULT",
          "NEXTVALUEEXPR",
          "SORTGROUPCLAUSE",
          "GROUPINGSET",
          "WINDOWCLAUSE",
          "ROWMARKCLAUSE",
          "COMMONTABLEEXPR",
          "CTESEARCHCLAUSE",
          "CTECYCLECLAUSE",
          "SETOPERATIONSTMT",
          "RANGETBLFUNCTION",
          "WITHCHECKOPTION",
          "ONCONFLICTEXPR",
          "INFERENCEELEM",
          "MERGEACTION",
          "MERGESUPPORTFUNC",
          "RETURNINGEXPR",
          "TABLESAMPLECLAUSE",
          "TABLEFUNC",
          "XMLEXPR",
          "JSONFORMAT",
          "JSONRETURNING",
          "JSONVALUEEXPR",
          "JSONCONSTRUCTOREXPR",
          "JSONISPREDICATE",
          "JSONEXPR",
          "JSONBEHAVIOR",
          "JSONTABLEPATH",
          "JSONTABLEPATHSCAN",
          "JSONTABLESIBLINGJOIN");

  private static final List<String> FUNCTION_FIELDS =
      List.of(
          "funcid",
          "opfuncid",
          "aggfnoid",
          "winfnoid",
          "startInRangeFunc",
          "endInRangeFunc",
          "hashfuncid",
          "negfuncid",
          "tsmhandler");

  private static final List<String> OPERATOR_FIELDS = List.of("opno", "eqop", "sortop");

  private Vocabulary() {}

  static boolean knows(Node node) {
    return KNOWN.contains(node.tag());
  }

  /** The OIDs of the functions that a node calls. */
  static LongStream functions(Node node) {
    return FUNCTION_FIELDS.stream()
        .filter(node::has)
        .mapToLong(node::number)
        .filter(oid -> oid != 0);
  }

  /** The OIDs of the operators that it compares or sorts with. */
  static LongStream operators(Node node) {
    LongStream single = OPERATOR_FIELDS.stream().filter(node::has).mapToLong(node::number);
    LongStream several =
        node.has("opnos")
            ? node.list("opnos").stream()
                .flatMap(operator ->
                    operator instanceof Tree.Atom(String text) ? Stream.of(text) : Stream.empty())
                .filter(text -> text.chars().allMatch(Character::isDigit))
                .mapToLong(Long::parseLong)
            : LongStream.empty();
    return LongStream.concat(single, several);
  }
}
