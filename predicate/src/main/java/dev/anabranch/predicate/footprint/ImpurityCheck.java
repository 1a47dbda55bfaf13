package dev.anabranch.predicate.footprint;

import dev.anabranch.base.TableId;
import dev.anabranch.base.TypeOid;
import dev.anabranch.predicate.footprint.Tree.Node;
import dev.anabranch.predicate.match.ValueReader;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every node of a tree once, for anything that makes an answer more than a function of the
 * rows it reads: effects, chance, the clock, user code, nodes that this reader does not know.
 */
final class ImpurityCheck {

  static final Set<Long> CLOCK_TYPES =
      Set.of(
          ValueReader.DATE,
          ValueReader.TIMESTAMP,
          ValueReader.TIMESTAMPTZ,
          (long) TypeOid.TIME,
          (long) TypeOid.TIMETZ);

  /** Types whose input and output functions do nothing but read and write text. */
  private static final Set<Long> PLAIN_TYPES =
      TypeOid.set(
          TypeOid.BOOL,
          TypeOid.BYTEA,
          TypeOid.CHAR,
          TypeOid.NAME,
          TypeOid.INT8,
          TypeOid.INT2,
          TypeOid.INT4,
          TypeOid.TEXT,
          TypeOid.OID,
          TypeOid.JSON,
          TypeOid.FLOAT4,
          TypeOid.FLOAT8,
          TypeOid.BPCHAR,
          TypeOid.VARCHAR,
          TypeOid.DATE,
          TypeOid.TIME,
          TypeOid.TIMESTAMP,
          TypeOid.TIMESTAMPTZ,
          TypeOid.INTERVAL,
          TypeOid.TIMETZ,
          TypeOid.BIT,
          TypeOid.VARBIT,
          TypeOid.NUMERIC,
          TypeOid.UUID,
          TypeOid.JSONB,
          TypeOid.INET,
          TypeOid.CIDR,
          TypeOid.MACADDR,
          TypeOid.BOOL_ARRAY,
          TypeOid.INT2_ARRAY,
          TypeOid.INT4_ARRAY,
          TypeOid.TEXT_ARRAY,
          TypeOid.VARCHAR_ARRAY,
          TypeOid.INT8_ARRAY,
          TypeOid.NUMERIC_ARRAY);

  /**
   * People's data that is kept among the catalogs: pg_largeobject and its metadata, and the samples
   * of pg_statistic and pg_statistic_ext_data.
   */
  private static final Set<Long> DATA_AMONG_CATALOGS = Set.of(2613L, 2995L, 2619L, 3429L);

  /** Values that name roles: regrole, aclitem and arrays of them. */
  private static final Set<Long> ROLE_TYPES = Set.of(4096L, 4097L, 1033L, 1034L);

  static final int LAST_TIME_VALUE_FUNCTION = 8;

  private final Functions functions;
  private final KeptSettings kept;
  private @Nullable String unanswerable;
  private @Nullable String alwaysRerun;
  private @Nullable String timeDependent;
  private MomentWords.Found moments = MomentWords.Found.NONE;
  private @Nullable String agreementOnly;
  private @Nullable String drawn;
  private final Set<Integer> drawnColumns = new TreeSet<>();
  private boolean drawnElsewhere;
  private int assigning;
  private @Nullable String looksUp;
  private boolean userCode;
  private boolean clockConstant;
  private boolean readsData;
  private final Set<Long> relations = new TreeSet<>();
  private final Set<Long> targets = new TreeSet<>();
  private boolean returning;
  private boolean onConflict;
  private boolean counted = true;
  private @Nullable String largeObjects;
  private @Nullable String asker;
  private int skipping;
  private boolean skipsWholeRows;

  private ImpurityCheck(Functions functions, KeptSettings kept) {
    this.functions = functions;
    this.kept = kept;
  }

  static ImpurityCheck of(Tree tree, String sql, Functions functions, KeptSettings kept) {
    ImpurityCheck inspection = new ImpurityCheck(functions, kept);
    inspection.look(tree, true, false);
    inspection.skipsWholeRows = inspection.skipping > 0 && inspection.skipsWholeRows(tree);
    inspection.moments = MomentWords.in(sql, inspection.clockConstant);
    if (inspection.moments != MomentWords.Found.NONE) {
      inspection.timeDependent = "it names a moment relative to when it was asked";
    }
    if (inspection.looksUp != null && inspection.readsData) {
      inspection.rerun(inspection.looksUp);
      inspection.agree(inspection.looksUp);
    }
    return inspection;
  }

  /** Why asking again would prove nothing, and the changed rows nothing either. */
  Optional<String> unanswerable() {
    return Optional.ofNullable(unanswerable);
  }

  /** Why the changed rows alone prove nothing. */
  Optional<String> alwaysRerun() {
    return Optional.ofNullable(alwaysRerun);
  }

  /** Why its answer moves with the clock. */
  Optional<String> timeDependent() {
    return Optional.ofNullable(timeDependent);
  }

  /** The moments that it names, of which its tree tells nothing. */
  MomentWords.Found moments() {
    return moments;
  }

  boolean userCode() {
    return userCode;
  }

  boolean looksUp() {
    return looksUp != null;
  }

  /** Whether values that it writes or shows were drawn as it ran. */
  boolean isDrawn() {
    return drawn != null;
  }

  Repeat repeat() {
    if (drawn != null) {
      return new Repeat.Drawn(drawn);
    }
    if (agreementOnly != null) {
      return new Repeat.AgreementOnly(agreementOnly);
    }
    return skipping == 0
        ? new Repeat.Same()
        : skipsWholeRows ? new Repeat.Available(SKIPS) : new Repeat.AgreementOnly(SKIPS);
  }

  Optional<Writes> writes() {
    return targets.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Writes(
                targets.stream().map(TableId::new).collect(Collectors.toUnmodifiableSet()),
                counted && targets.size() == 1,
                returning,
                onConflict,
                drawnElsewhere ? Set.of() : drawnColumns,
                Optional.empty()));
  }

  /** Why it matters who asks it; what looks definitions up sees other roles' names on a branch. */
  Optional<String> asker() {
    return Optional.ofNullable(asker).or(() -> Optional.ofNullable(looksUp));
  }

  /** What it does to large objects, whose content is in no unit. */
  Optional<String> largeObjects() {
    return Optional.ofNullable(largeObjects);
  }

  /** Whether nothing of main's data, and no code of the user's, has a part in it. */
  boolean isNotOfData() {
    return !readsData;
  }

  Set<Long> relations() {
    return relations;
  }

  /**
   * @param outermost whether no query is around it
   * @param shown whether it stands in what a statement shows or writes and nowhere else, and is
   *     about no row
   */
  private void look(Tree tree, boolean outermost, boolean shown) {
    if (tree instanceof Node node) {
      look(node, shown);
      boolean shows = node.is("QUERY") && (outermost || node.index("commandType") != 1);
      node.fields()
          .forEach((field, values) -> {
            boolean list = shows && (field.equals("targetList") || field.equals("returningList"));
            values.forEach(value -> {
              if (list) {
                boolean assigns = field.equals("targetList") && node.index("commandType") != 1;
                value.children().forEach(entry -> lookAtShown(entry, assigns));
              } else {
                look(value, outermost && !node.is("QUERY"), shown);
              }
            });
          });
    } else {
      tree.children().forEach(child -> look(child, outermost, shown));
    }
  }

  private void lookAtShown(Tree entry, boolean assigns) {
    int around = assigning;
    assigning = assigns && entry instanceof Node node ? node.index("resno") : 0;
    boolean alone =
        entry instanceof Node node
            && node.is("TARGETENTRY")
            && node.index("ressortgroupref") == 0
            && !mentionsRows(node);
    look(entry, false, alone);
    assigning = around;
  }

  private static boolean mentionsRows(Tree tree) {
    return (tree instanceof Node node
            && (node.is("VAR") || node.is("SUBLINK") || node.is("AGGREF") || node.is("WINDOWFUNC")))
        || tree.children().anyMatch(ImpurityCheck::mentionsRows);
  }

  private void look(Node node, boolean shown) {
    switch (node.tag()) {
      case "QUERY" -> query(node);
      case "RANGETBLENTRY" -> entry(node);
      case "ROWMARKCLAUSE" -> {
        asked("it locks rows");
        if (node.text("waitPolicy").equals(SKIP_LOCKED)) {
          skipping++;
        }
      }
      case "VAR" -> systemColumn(node);
      case "CONST" -> {
        clockConstant |= CLOCK_TYPES.contains(node.number("consttype"));
        if (ROLE_TYPES.contains(node.number("consttype"))) {
          asked("it names a role");
        }
      }
      case "SQLVALUEFUNCTION" -> {
        if (node.index("op") <= LAST_TIME_VALUE_FUNCTION) {
          clock(shown);
        } else {
          asked("it names who asks, or where");
        }
      }
      case "CURRENTOFEXPR" -> outside("it writes where a cursor stands");
      case "NEXTVALUEEXPR" -> draw("it draws from a sequence");
      case "COERCEVIAIO" -> throughText(node, shown);
      case "COERCETODOMAIN", "JSONRETURNING" -> {
        long type = node.number(node.is("COERCETODOMAIN") ? "resulttype" : "typid");
        if (!functions.isPlainType(type)) {
          userCode("it makes values of a user-defined type");
        }
      }
      case "TABLEFUNC" -> columnTypes(node);
      case "JSONCONSTRUCTOREXPR" -> {
        if (functions.catalog().userCasts()) {
          userCode("it turns values into JSON, for which the user has defined a cast");
        }
      }
      default -> {
        if (!Vocabulary.knows(node)) {
          outside("Postgres's " + node.tag() + " is not understood yet");
        }
      }
    }
    if (node.is("FUNCEXPR") && functions.isCurrentSetting(node.number("funcid"))) {
      setting(node);
    } else {
      Vocabulary.functions(node).forEach(oid -> call(oid, shown));
    }
    Vocabulary.operators(node).forEach(this::operator);
  }

  private static final String SKIP_LOCKED = "1";

  private static final String SKIPS = "it skips rows that others have locked";

  /** Whether each row that comes is one that it found unlocked, and nothing is made of them. */
  private boolean skipsWholeRows(Tree tree) {
    if (!(tree instanceof Node query) || !query.is("QUERY")) {
      return tree.children().count() == 1 && tree.children().allMatch(this::skipsWholeRows);
    }
    long here =
        query.nodes("rowMarks").stream()
            .filter(mark -> mark.text("waitPolicy").equals(SKIP_LOCKED))
            .count();
    return here == skipping
        && query.index("commandType") == 1
        && !query.flag("hasAggs")
        && !query.flag("hasWindowFuncs")
        && query.list("groupClause").isEmpty()
        && query.list("groupingSets").isEmpty()
        && query.list("distinctClause").isEmpty()
        && query.list("setOperations").isEmpty();
  }

  /** A built-in operator is pure; another is what its routine is. */
  private void operator(long operator) {
    if (operator < Catalog.FIRST_USER_OID) {
      return;
    }
    long routine = functions.routineOf(operator);
    if (routine == 0 || functions.natureOf(routine) != Nature.PURE) {
      userCode("it uses a user-defined operator");
    }
  }

  private void query(Node query) {
    if (query.flag("hasRowSecurity")) {
      asked("row security is at work in it");
    }
    switch (query.index("commandType")) {
      case 1 -> {}
      case 2, 3, 4, 5 -> writes(query);
      default -> outside("it is a utility statement");
    }
  }

  private void writes(Node query) {
    readsData = true;
    Node target = query.nodes("rtable").get(query.index("resultRelation") - 1);
    targets.add(target.number("relid"));
    counted &= query.flag("canSetTag");
    returning |= !query.list("returningList").isEmpty();
    onConflict |= query.get("onConflict") instanceof Node;
    if (query.get("onConflict") instanceof Node && query.node("onConflict").index("action") == 0) {
      outside("it resolves conflicts in a way that is not known");
    }
  }

  private void entry(Node entry) {
    if (entry.has("relid") && entry.number("relid") != 0) {
      relation(entry.number("relid"), entry);
    }
    if (entry.has("tablesample") && entry.get("tablesample") instanceof Node sample) {
      if (sample.number("tsmhandler") < Catalog.FIRST_USER_OID) {
        draw("it samples a table");
      } else {
        userCode("it samples a table in a user-defined way");
      }
    }
    int kind = entry.index("rtekind");
    if (kind == 7 || kind > 9) {
      outside("it reads something that is no table");
    }
  }

  private void columnTypes(Node node) {
    for (Tree type : node.list("coltypes")) {
      if (type instanceof Tree.Atom(String text)
          && text.chars().allMatch(Character::isDigit)
          && !functions.isPlainType(Long.parseLong(text))) {
        userCode("it makes values of a user-defined type");
      }
    }
  }

  private void relation(long relid, Node entry) {
    relations.add(relid);
    if (relid < Catalog.FIRST_USER_OID) {
      if (DATA_AMONG_CATALOGS.contains(relid)) {
        outside("it reads people's data that is kept among the system catalogs");
      }
      looksUp = "it reads the system catalogs";
      return;
    }
    readsData = true;
    String kind = entry.get("relkind") instanceof Tree.Atom(String text) ? text : "?";
    switch (kind) {
      // A composite type stands for the row that ON CONFLICT calls "excluded".
      case "r", "p", "v", "m", "c" -> {}
      case "f" -> outside("it reads a foreign table");
      case "S" -> outside("it reads a sequence as a table");
      default -> outside("it reads a relation of kind " + kind);
    }
  }

  private void systemColumn(Node variable) {
    int number = variable.index("varattno");
    if (number == TABLE_OID) {
      rerun("it reads the system column tableoid");
    } else if (number < 0) {
      draw("it reads a system column, whose values are physical");
    }
  }

  /** {@code attnum} of tableoid: the only system column that a copy keeps. */
  private static final int TABLE_OID = -6;

  private void throughText(Node node, boolean shown) {
    long result = node.number("resulttype");
    if (CLOCK_TYPES.contains(result) && !shown) {
      timeDependent = "it reads a date from text, which may say 'today'";
    }
    long argument = node.get("arg") instanceof Node inner ? ConditionReader.typeOf(inner) : 0;
    boolean plain =
        PLAIN_TYPES.contains(result)
            && (argument == 0
                || PLAIN_TYPES.contains(argument)
                || argument >= Catalog.FIRST_USER_OID);
    if (plain || (result >= Catalog.FIRST_USER_OID && functions.isPlainType(result))) {
      return;
    }
    if (result >= Catalog.FIRST_USER_OID) {
      userCode("it reads a user-defined type from text");
    } else {
      looksUp = "it turns text into a type that names things in the catalogs";
    }
  }

  private void setting(Node call) {
    // Those of applications mean the same wherever they are set.
    if (kept.name(call).filter(name -> name.indexOf('.') >= 0).isEmpty()) {
      asked("it reads a setting of its session's");
    }
    // What nobody has set is the database's default; a setting of the server's is not kept.
    boolean told =
        kept.name(call)
            .filter(name -> kept.values().containsKey(name) || name.indexOf('.') >= 0)
            .isPresent();
    if (!told) {
      draw("it reads a setting of the server's");
    }
  }

  private void call(long function, boolean shown) {
    String called = "it calls " + functions.nameOf(function) + "()";
    switch (functions.natureOf(function)) {
      case PURE -> {}
      case CLOCK -> clock(shown);
      case DEFINITIONS -> looksUp = called + ", which looks definitions up";
      case DRAWN -> draw(called + ", which is not a function of the data");
      case BY_NAME -> {
        userCode(called + ", which reads tables by their names");
        agree(called + ", which reads tables by their names");
      }
      case BEYOND -> {
        outside(called + ", which is not a function of the data");
        if (BeyondLog.writesLargeObjects(functions.nameOf(function))) {
          largeObjects = called + ", which writes a large object";
        }
      }
      case USER_CODE -> userCode(called + ", which is user-defined");
      case USER_VOLATILE -> {
        userCode(called + ", which is user-defined");
        agree(called + ", which may give another answer each time");
      }
    }
  }

  /** The moment of asking that is only shown or written says nothing of the data. */
  private void clock(boolean shown) {
    if (shown) {
      draw("it shows the moment at which it was asked");
    } else {
      timeDependent = "it reads the clock";
    }
  }

  private void userCode(String why) {
    userCode = true;
    readsData = true;
    rerun(why);
  }

  private void rerun(String why) {
    alwaysRerun = alwaysRerun == null ? why : alwaysRerun;
  }

  private void asked(String why) {
    asker = asker == null ? why : asker;
  }

  private void agree(String why) {
    agreementOnly = agreementOnly == null ? why : agreementOnly;
  }

  private void draw(String why) {
    drawn = drawn == null ? why : drawn;
    if (assigning > 0) {
      drawnColumns.add(assigning);
    } else {
      drawnElsewhere = true;
    }
  }

  private void outside(String why) {
    readsData = true;
    unanswerable = unanswerable == null ? why : unanswerable;
  }
}
