package dev.anabranch.promote.fact;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a promotion could not decide by itself: the root of why units are held, and what a
 * person has decided about it.
 *
 * @param id what it is known by: a digest of the branch's life and of what it is about, never of
 *     values, so that it stays the same while the values change
 * @param kind what sort of thing
 * @param nature whether it is only the same thing elsewhere, or for a person
 * @param state a digest of the values and the verdict: a decision counts while it is the same
 * @param sentence it in words, such as "answer 17 was 47, is 48, because order 9001 arrived"
 * @param answer the answer's id, for an answer
 * @param table {@code schema.table}, for a row
 * @param key the row's key, column name to text
 * @param base the row at the fork point, column name to text, null for NULL (only columns in
 *     conflict), empty when absent
 * @param branch the row on the branch
 * @param main the row on main
 * @param units the ids of all units held because of it, or that would be
 * @param tasks what those units were made for
 * @param choices what a promotion can be told to do about it
 * @param decided what it was told
 * @param rerun what the transaction behind it would write if it were executed again, where a unit's
 *     own statement is what it is about
 * @param advice how the sentence ends: what a person can do about it; empty where nothing is to be
 *     done any more
 * @param kept what was said of some of its cells, which decides nothing before all are said
 */
public record Fact(
    String id,
    Kind kind,
    Nature nature,
    String state,
    String sentence,
    Optional<Long> answer,
    Optional<String> table,
    Optional<Map<String, String>> key,
    Optional<Map<String, @Nullable String>> base,
    Optional<Map<String, @Nullable String>> branch,
    Optional<Map<String, @Nullable String>> main,
    List<Long> units,
    List<String> tasks,
    List<String> choices,
    Optional<Decided> decided,
    Optional<FactRerun> rerun,
    String advice,
    Optional<Decided> kept) {

  public Fact {
    // Receipts of earlier versions have none of these.
    id = Objects.requireNonNullElse(id, "");
    nature = Objects.requireNonNullElse(nature, Nature.MEANING);
    state = Objects.requireNonNullElse(state, "");
    tasks = List.copyOf(Objects.requireNonNullElse(tasks, List.of()));
    decided = Objects.requireNonNullElse(decided, Optional.empty());
    rerun = Objects.requireNonNullElse(rerun, Optional.empty());
    advice = Objects.requireNonNullElse(advice, "");
    kept = Objects.requireNonNullElse(kept, Optional.empty());
  }

  /** One that nothing was executed again for. */
  public Fact(
      String id,
      Kind kind,
      Nature nature,
      String state,
      String sentence,
      Optional<Long> answer,
      Optional<String> table,
      Optional<Map<String, String>> key,
      Optional<Map<String, @Nullable String>> base,
      Optional<Map<String, @Nullable String>> branch,
      Optional<Map<String, @Nullable String>> main,
      List<Long> units,
      List<String> tasks,
      List<String> choices,
      Optional<Decided> decided) {
    this(
        id,
        kind,
        nature,
        state,
        sentence,
        answer,
        table,
        key,
        base,
        branch,
        main,
        units,
        tasks,
        choices,
        decided,
        Optional.empty(),
        "",
        Optional.empty());
  }

  /** The sort of a fact. */
  public enum Kind {
    /** An answer that changed or can't be told. */
    ANSWER,
    /** A row that both sides changed. */
    CONFLICT,
    /** Something main's constraints or schema would refuse, or that can't be folded back. */
    CONSTRAINT,
    /** A task whose work was dropped as a whole. */
    TASK
  }

  /** Whether a fact needs a person. */
  public enum Nature {
    /** The same thing under another name, key or table: it is moved and at most reported. */
    ADDRESS,
    /** What is meant differs, and only a person can tell which it is to be. */
    MEANING
  }

  /** One that no row and no answer is behind, and that nobody can decide. */
  public static Fact ofTheWhole(String sentence, List<Long> units) {
    return new Fact(
        "",
        Kind.CONSTRAINT,
        Nature.MEANING,
        "",
        sentence,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        units,
        List.of(),
        List.of(),
        Optional.empty());
  }

  /** Whether a person has to say something before its units can land. */
  public boolean isOpen() {
    return decided.isEmpty();
  }

  /** The same, with what a person can do about it. */
  public Fact advising(String what) {
    return with(id, words() + what, units, tasks, decided, rerun, choices, what, kept);
  }

  private String words() {
    return sentence.endsWith(advice)
        ? sentence.substring(0, sentence.length() - advice.length())
        : sentence;
  }

  /** The same, holding these. */
  public Fact holding(List<Long> held, List<String> madeFor) {
    return with(id, sentence, held, madeFor, decided, rerun, choices, advice, kept);
  }

  /** The same, decided: nobody has to do anything any more. */
  public Fact with(Decided decision) {
    return with(
        id, words(), units, tasks, Optional.of(decision), rerun, choices, "", Optional.empty());
  }

  /** The same, with more to say. */
  public Fact saying(String more) {
    return with(id, words() + more + advice, units, tasks, decided, rerun, choices, advice, kept);
  }

  /** The same, beside another one of its name. */
  public Fact named(String other) {
    return with(other, sentence, units, tasks, decided, rerun, choices, advice, kept);
  }

  /** The same, with other choices. */
  public Fact choosing(List<String> others) {
    return with(id, sentence, units, tasks, decided, rerun, others, advice, kept);
  }

  /** The same, with what executing its transaction again came to. */
  public Fact with(FactRerun seen, List<String> others) {
    return with(id, sentence, units, tasks, decided, Optional.of(seen), others, advice, kept);
  }

  /** The same, with what was said of some of its cells. */
  public Fact keeping(Decided some) {
    return with(id, sentence, units, tasks, decided, rerun, choices, advice, Optional.of(some));
  }

  /** The same, in another state. */
  Fact inState(String other) {
    return new Fact(
        id, kind, nature, other, sentence, answer, table, key, base, branch, main, units, tasks,
        choices, decided, rerun, advice, kept);
  }

  private Fact with(
      String name,
      String told,
      List<Long> held,
      List<String> madeFor,
      Optional<Decided> decision,
      Optional<FactRerun> again,
      List<String> others,
      String toDo,
      Optional<Decided> some) {
    return new Fact(
        name, kind, nature, state, told, answer, table, key, base, branch, main, held, madeFor,
        others, decision, again, toDo, some);
  }
}
