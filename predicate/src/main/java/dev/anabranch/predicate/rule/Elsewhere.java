package dev.anabranch.predicate.rule;

import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Told;
import dev.anabranch.mainfeed.schema.Definition;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.footprint.Mentions;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an answer may rest on and neither main's rows nor its definitions tell: the clock, where
 * sequences stand, large objects, the catalogs' other rows, and what code in another language does.
 * Code of the user's is judged by the words in it, all code for each answer.
 */
public final class Elsewhere {

  /** Words by which code may read something else than rows, or anything. */
  private static final Pattern READS =
      Pattern.compile(
          "execute|copy|last_value|log_cnt|is_called|lo_\\w+|loread|lowrite|information_schema|(obj|col|shobj)_description"
              + "|to_reg\\w+|dblink\\w*|"
              + Pattern.quote(Definition.UNREADABLE)
              + "|pg_(?!catalog$|temp$|(try_)?advisory_|sleep|notify$|typeof$|backend_pid$"
              + "|trigger_depth$|exception_|context$|routine_oid$)\\w+");

  private static final Set<String> CLOCKS =
      Set.of(
          "now",
          "transaction_timestamp",
          "statement_timestamp",
          "clock_timestamp",
          "timeofday",
          "age",
          "current_date",
          "current_time",
          "current_timestamp",
          "localtime",
          "localtimestamp",
          "today",
          "tomorrow",
          "yesterday");

  private final Set<String> code;
  private final Set<String> unread;

  /** Routines whose body is no text, by what runs them beside their names. */
  private final Map<Long, Set<String>> unnamed;

  /** Views, and tables with policies: what those say of the clock is not read here. */
  private final Set<String> views;

  private final boolean sequencesMoved;

  /**
   * @param onMain its definitions
   * @param branch the branch's own now
   */
  public Elsewhere(SchemaDrift onMain, SchemaSnapshot branch) {
    this.code =
        branch.definitions().stream()
            .filter(definition -> definition.kind() == Definition.Kind.CODE)
            .flatMap(definition -> Stream.of(definition.name().split(" ")))
            .collect(Collectors.toSet());
    this.unread = withoutText(branch);
    this.unnamed =
        branch.definitions().stream()
            .filter(definition -> definition.kind() == Definition.Kind.UNREAD)
            .collect(
                Collectors.toMap(
                    Definition::oid,
                    definition ->
                        Stream.of(definition.name().split(" "))
                            .filter(name -> !name.isEmpty())
                            .collect(Collectors.toSet())));
    this.views =
        branch.relations().values().stream()
            .filter(relation ->
                relation.kind() == 'v'
                    || relation.kind() == 'm'
                    || relation.facets().containsKey("policy"))
            .map(relation -> relation.shape().name().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    this.sequencesMoved = !onMain.then().sequences().equals(onMain.now().sequences());
  }

  /** Routines whose body is no text: in C, made by an extension, or kept as a tree. */
  private static Set<String> withoutText(SchemaSnapshot branch) {
    Set<Long> read =
        branch.definitions().stream()
            .filter(definition -> definition.kind() == Definition.Kind.CODE)
            .map(Definition::oid)
            .collect(Collectors.toSet());
    return branch.definitions().stream()
        .filter(definition ->
            definition.kind() == Definition.Kind.ROUTINE && !read.contains(definition.oid()))
        .map(definition -> definition.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());
  }

  /** Whether it may be another although main's rows and definitions are the same. */
  public boolean mayBearOn(Answer answer, Footprint footprint) {
    return switch (footprint) {
      case Footprint.Reads reads -> isClock(answer, reads.traits().timeDependent().isPresent());
      case Footprint.OwnWrite ignored -> false;
      case Footprint.NotOfData ignored -> false;
      case Footprint.AlwaysRerun rerun ->
          rerun.traits().looksUp()
              || isClock(answer, rerun.traits().timeDependent().isPresent())
              || (rerun.traits().userCode()
                  && (isRunUnnamed(rerun.traits().mentions().objects())
                      || mayBearOn(answer, words(answer))));
      case Footprint.Unanswerable unanswerable -> {
        Set<String> words = words(answer);
        yield unanswerable.outside()
            || isRunUnnamed(answer.question().sql())
            || mayBearOn(answer, words);
      }
    };
  }

  /** Whether code that it runs may read the clock for it, where its own words do not. */
  public boolean mayReadTheClock(Answer answer, Footprint footprint) {
    if (!(footprint instanceof Footprint.AlwaysRerun rerun) || !rerun.traits().userCode()) {
      return false;
    }
    Set<String> all = new HashSet<>(words(answer));
    all.addAll(code);
    return isClock(
        answer,
        isRunUnnamed(rerun.traits().mentions().objects())
            || all.stream()
                .anyMatch(word ->
                    unread.contains(word) || CLOCKS.contains(word) || views.contains(word)));
  }

  /**
   * Whether a routine of which nothing can be read may run by an operator or by something that is
   * not named: of a statement its tree tells all of them, of code its words tell the operators.
   */
  private boolean isRunUnnamed(Set<Long> objects) {
    return unnamed.entrySet().stream()
        .anyMatch(
            routine -> objects.contains(routine.getKey()) || codeRunsUnnamed(routine.getValue()));
  }

  private boolean codeRunsUnnamed(Set<String> ways) {
    return ways.contains(Definition.RUN_UNNAMED) || ways.stream().anyMatch(code::contains);
  }

  /** Of a statement that has no tree, or one that is not understood. */
  private boolean isRunUnnamed(String sql) {
    return unnamed.values().stream()
        .anyMatch(ways ->
            codeRunsUnnamed(ways)
                || ways.stream().anyMatch(way -> sql.contains(way.substring(1, way.length() - 1))));
  }

  /** What a statement wrote at its moment stays right; rows are another answer at another. */
  private static boolean isClock(Answer answer, boolean readsTheClock) {
    return answer.told() == Told.ROWS && readsTheClock;
  }

  private boolean mayBearOn(Answer answer, Set<String> words) {
    Set<String> all = new HashSet<>(words);
    all.addAll(code);
    return sequencesMoved
        || all.stream().anyMatch(word -> unread.contains(word) || READS.matcher(word).matches())
        || isClock(
            answer, all.stream().anyMatch(word -> CLOCKS.contains(word) || views.contains(word)));
  }

  private static Set<String> words(Answer answer) {
    Set<String> words = new HashSet<>(Mentions.words(answer.question().sql()));
    answer
        .question()
        .parameters()
        .forEach(
            parameter -> parameter.text().ifPresent(text -> words.addAll(Mentions.words(text))));
    return words;
  }
}
