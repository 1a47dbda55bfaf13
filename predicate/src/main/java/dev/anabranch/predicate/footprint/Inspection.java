package dev.anabranch.predicate.footprint;

import dev.anabranch.predicate.footprint.Functions.Nature;
import dev.anabranch.predicate.footprint.Tree.Node;
import dev.anabranch.predicate.match.ValueReader;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every node of a tree once, for anything that makes an answer more than a function of the
 * rows it reads: effects, chance, the clock, user code, nodes that this reader does not know.
 */
final class Inspection {

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
          "RETURNINGEXPR");

  private static final List<String> FUNCTION_FIELDS =
      List.of(
          "funcid",
          "opfuncid",
          "aggfnoid",
          "winfnoid",
          "startInRangeFunc",
          "endInRangeFunc",
          "hashfuncid",
          "negfuncid");

  private static final List<String> OPERATOR_FIELDS = List.of("opno", "eqop", "sortop");

  /** A literal of these words is turned into the time of parsing before anyone sees the tree. */
  private static final Pattern TIME_WORD =
      Pattern.compile("(?i)\\b(now|today|tomorrow|yesterday)\\b");

  private static final Set<Long> CLOCK_TYPES =
      Set.of(ValueReader.DATE, ValueReader.TIMESTAMP, ValueReader.TIMESTAMPTZ, 1083L, 1266L);

  /** Types whose input and output functions do nothing but read and write text. */
  private static final Set<Long> PLAIN_TYPES =
      Set.of(
          16L, 17L, 18L, 19L, 20L, 21L, 23L, 25L, 26L, 114L, 700L, 701L, 1042L, 1043L, 1082L, 1083L,
          1114L, 1184L, 1186L, 1266L, 1560L, 1562L, 1700L, 2950L, 3802L, 869L, 650L, 829L, 1000L,
          1005L, 1007L, 1009L, 1015L, 1016L, 1231L);

  /**
   * People's data that is kept among the catalogs: pg_largeobject and its metadata, and the samples
   * of pg_statistic and pg_statistic_ext_data.
   */
  private static final Set<Long> DATA_AMONG_CATALOGS = Set.of(2613L, 2995L, 2619L, 3429L);

  private static final int LAST_TIME_VALUE_FUNCTION = 8;

  private final Functions functions;
  private @Nullable String unanswerable;
  private @Nullable String alwaysRerun;
  private @Nullable String timeDependent;
  private boolean userCode;
  private boolean volatileCode;
  private boolean readsOther;
  private boolean beyondCatalogs;
  private boolean looksUp;
  private boolean clockConstant;
  private final Set<Long> relations = new TreeSet<>();

  private Inspection(Functions functions) {
    this.functions = functions;
  }

  static Inspection of(Tree tree, String sql, Functions functions) {
    Inspection inspection = new Inspection(functions);
    inspection.look(tree);
    boolean hiddenWord = inspection.clockConstant && sql.indexOf('\\') >= 0;
    if (TIME_WORD.matcher(sql).find() || hiddenWord) {
      inspection.timeDependent = "it names a moment relative to when it was asked";
    }
    return inspection;
  }

  /** Why asking again would prove nothing. */
  Optional<String> unanswerable() {
    return Optional.ofNullable(unanswerable);
  }

  /** Why only asking again tells. */
  Optional<String> alwaysRerun() {
    return Optional.ofNullable(alwaysRerun);
  }

  Optional<String> timeDependent() {
    return Optional.ofNullable(timeDependent);
  }

  boolean userCode() {
    return userCode;
  }

  /** Whether a volatile routine has a part in it; then it is unanswerable too. */
  boolean volatileCode() {
    return volatileCode;
  }

  /** Whether it is unanswerable for something else than a volatile routine. */
  boolean readsOther() {
    return readsOther;
  }

  /** Whether it does nothing but look definitions up. */
  boolean readsCatalogsOnly() {
    return !beyondCatalogs && (looksUp || !relations.isEmpty());
  }

  Set<Long> relations() {
    return relations;
  }

  private void look(Tree tree) {
    if (tree instanceof Node node) {
      look(node);
    }
    tree.children().forEach(this::look);
  }

  private void look(Node node) {
    switch (node.tag()) {
      case "QUERY" -> query(node);
      case "RANGETBLENTRY" -> entry(node);
      case "ROWMARKCLAUSE" -> {
        if (!node.text("waitPolicy").equals("0")) {
          outside("it skips or refuses rows that others have locked");
        }
      }
      case "VAR" -> systemColumn(node);
      case "CONST" -> clockConstant |= CLOCK_TYPES.contains(node.number("consttype"));
      case "SQLVALUEFUNCTION" -> {
        if (node.index("op") <= LAST_TIME_VALUE_FUNCTION) {
          timeDependent = "it reads the clock";
        } else {
          looksUp = true;
        }
      }
      case "NEXTVALUEEXPR" -> chance("it draws from a sequence");
      case "COERCEVIAIO" -> throughText(node);
      case "COMMONTABLEEXPR" -> {
        if (node.node("ctequery").index("commandType") != 1) {
          rerun("it writes");
        }
      }
      default -> {
        if (!KNOWN.contains(node.tag())) {
          outside("Postgres's " + node.tag() + " is not understood yet");
        }
      }
    }
    FUNCTION_FIELDS.stream()
        .filter(node::has)
        .mapToLong(node::number)
        .filter(oid -> oid != 0)
        .forEach(this::call);
    OPERATOR_FIELDS.stream()
        .filter(node::has)
        .filter(field -> node.number(field) >= Catalog.FIRST_USER_OID)
        .forEach(field -> userCode("it uses a user-defined operator"));
    if (node.is("ROWCOMPAREEXPR")
        || node.is("ROWCOMPARE")
        || node.is("MINMAXEXPR")
        || node.is("MINMAX")) {
      node.children().forEach(child -> requirePlainOperators(node));
    }
  }

  private void requirePlainOperators(Node node) {
    for (Tree operator : node.has("opnos") ? node.list("opnos") : List.<Tree>of()) {
      if (operator instanceof Tree.Atom(String text)
          && text.chars().allMatch(Character::isDigit)
          && Long.parseLong(text) >= Catalog.FIRST_USER_OID) {
        userCode("it uses a user-defined operator");
      }
    }
  }

  private void query(Node query) {
    switch (query.index("commandType")) {
      case 1 -> {}
      case 2, 3, 4, 5 -> rerun("it writes");
      default -> outside("it is a utility statement");
    }
    if (query.flag("hasModifyingCTE")) {
      rerun("it writes");
    }
  }

  private void entry(Node entry) {
    if (entry.has("relid") && entry.number("relid") != 0) {
      relation(entry.number("relid"), entry);
    }
    if (entry.has("tablesample") && entry.get("tablesample") instanceof Node) {
      outside("it samples a table");
    }
    int kind = entry.index("rtekind");
    if (kind == 4 || kind == 7 || kind > 9) {
      outside("it reads something that is no table");
    }
  }

  private void relation(long relid, Node entry) {
    relations.add(relid);
    if (relid < Catalog.FIRST_USER_OID) {
      beyondCatalogs |= DATA_AMONG_CATALOGS.contains(relid);
      notOfTheData("it reads the system catalogs");
      return;
    }
    beyondCatalogs = true;
    String kind = entry.get("relkind") instanceof Tree.Atom(String text) ? text : "?";
    switch (kind) {
      case "r", "p", "v" -> {}
      case "m" -> outside("it reads a materialised view, whose refreshes can't be followed");
      case "f" -> outside("it reads a foreign table");
      case "S" -> outside("it reads a sequence");
      default -> outside("it reads a relation of kind " + kind);
    }
  }

  private void systemColumn(Node variable) {
    int number = variable.index("varattno");
    if (number == TABLE_OID) {
      rerun("it reads the system column tableoid");
    } else if (number < 0) {
      outside("it reads a system column, whose values are physical");
    }
  }

  /** {@code attnum} of tableoid: the only system column that a copy keeps. */
  private static final int TABLE_OID = -6;

  private void throughText(Node node) {
    long result = node.number("resulttype");
    if (CLOCK_TYPES.contains(result)) {
      timeDependent = "it reads a date from text, which may say 'today'";
    }
    long argument = node.get("arg") instanceof Node inner ? ConditionReader.typeOf(inner) : 0;
    boolean plain =
        PLAIN_TYPES.contains(result)
            && (argument == 0
                || PLAIN_TYPES.contains(argument)
                || argument >= Catalog.FIRST_USER_OID);
    if (!plain) {
      if (result >= Catalog.FIRST_USER_OID) {
        userCode("it reads a user-defined type from text");
      } else {
        notOfTheData("it turns text into a type that names things in the catalogs");
      }
    }
  }

  private void call(long function) {
    Nature nature = functions.natureOf(function);
    switch (nature) {
      case PURE -> {}
      case CLOCK -> timeDependent = "it reads the clock";
      case USER_CODE ->
          userCode("it calls " + functions.nameOf(function) + "(), which is user-defined");
      case OUTSIDE -> {
        looksUp |= functions.looksUp(function);
        beyondCatalogs |= !functions.looksUp(function);
        drawn("it calls " + functions.nameOf(function) + "(), which is not a function of the data");
      }
    }
  }

  private void userCode(String why) {
    userCode = true;
    beyondCatalogs = true;
    rerun(why);
  }

  private void rerun(String why) {
    beyondCatalogs = true;
    alwaysRerun = alwaysRerun == null ? why : alwaysRerun;
  }

  private void chance(String why) {
    beyondCatalogs = true;
    drawn(why);
  }

  private void drawn(String why) {
    volatileCode = true;
    unanswerable = unanswerable == null ? why : unanswerable;
  }

  private void outside(String why) {
    beyondCatalogs = true;
    notOfTheData(why);
  }

  private void notOfTheData(String why) {
    readsOther = true;
    unanswerable = unanswerable == null ? why : unanswerable;
  }
}
