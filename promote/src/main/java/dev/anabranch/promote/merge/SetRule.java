package dev.anabranch.promote.merge;

import dev.anabranch.base.TypeOid;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Main's members, without those that the branch took out and with those that it put in. What comes
 * out is in order, so that it is the same whoever came first. A list that has a member twice, or
 * NULL, is no set.
 *
 * @param elements how members are read and written
 */
record SetRule(Elements elements) implements MergeRule {

  /** The types whose arrays have one text for each value. */
  private static final Map<Integer, Elements> BY_TYPE =
      Map.of(
          TypeOid.INT2_ARRAY,
          Elements.NUMBERS,
          TypeOid.INT4_ARRAY,
          Elements.NUMBERS,
          TypeOid.INT8_ARRAY,
          Elements.NUMBERS,
          TypeOid.TEXT_ARRAY,
          Elements.WORDS,
          TypeOid.VARCHAR_ARRAY,
          Elements.WORDS,
          TypeOid.UUID_ARRAY,
          Elements.WORDS,
          TypeOid.JSONB,
          Elements.JSON);

  /** What a set is made of. */
  enum Elements {
    /** Whole numbers in an array. */
    NUMBERS,
    /** Texts in an array. */
    WORDS,
    /** The values of a JSON array. */
    JSON;

    Comparator<String> order() {
      return this == NUMBERS ? Comparator.comparing(Long::valueOf) : Comparator.naturalOrder();
    }

    /** The members, empty when it is not a plain list without NULL. */
    Optional<List<String>> read(String text) {
      return this == JSON ? JsonText.elements(text) : ArrayText.read(text);
    }

    String write(Iterable<String> members) {
      return this == JSON ? "[" + String.join(", ", members) + "]" : ArrayText.write(members);
    }
  }

  static Optional<MergeRule> of(long type) {
    return Optional.ofNullable(BY_TYPE.get((int) type)).map(SetRule::new);
  }

  @Override
  public String word() {
    return "set";
  }

  @Override
  public Merged combine(String base, String branch, String main) {
    Optional<Set<String>> was = members(base);
    Optional<Set<String>> ours = members(branch);
    Optional<Set<String>> theirs = members(main);
    if (was.isEmpty() || ours.isEmpty() || theirs.isEmpty()) {
      return new Merged.Apart("one side is no plain list of different values");
    }
    Set<String> all = new TreeSet<>(elements.order());
    for (String member : theirs.get()) {
      if (!was.get().contains(member) || ours.get().contains(member)) {
        all.add(member);
      }
    }
    for (String member : ours.get()) {
      if (!was.get().contains(member)) {
        all.add(member);
      }
    }
    return new Merged.Together(elements.write(all));
  }

  private Optional<Set<String>> members(String text) {
    return elements
        .read(text)
        .flatMap(list -> {
          Set<String> set = new HashSet<>(list);
          return set.size() == list.size() ? Optional.of(set) : Optional.<Set<String>>empty();
        });
  }
}
