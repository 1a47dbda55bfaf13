package dev.anabranch.predicate.rehearsal;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Refusal;
import dev.anabranch.ledger.Result;
import dev.anabranch.predicate.world.Degree;
import dev.anabranch.predicate.world.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How alike two executions came out, and the first thing that did not.
 *
 * @param degree the worst
 * @param why a clause about what is other; empty when nothing is
 */
record RowsLikeness(Degree degree, String why) {

  /** Of rows that nobody can compare. */
  static final String UNKNOWN = "which rows it was about is not kept";

  static final RowsLikeness ALIKE = new RowsLikeness(Degree.SAME, "");

  static RowsLikeness other(String why) {
    return new RowsLikeness(Degree.OTHER, why);
  }

  /** Whether it can't be compared at all. */
  boolean isUnknown() {
    return degree == Degree.CHANCE && why.startsWith("which ");
  }

  RowsLikeness and(RowsLikeness next) {
    return next.degree.compareTo(degree) > 0 ? next : this;
  }

  /** What was done to one table: in the first execution, and in two over the rows of now. */
  static RowsLikeness of(NetRows was, NetRows is, NetRows again, Likeness likeness) {
    TableShape shape = was.shape();
    String table = shape.qualifiedName();
    if (was.emptied() || is.emptied()) {
      return other(table + " was emptied");
    }
    if (!shape.hasKey()) {
      return ofKeyless(was, is, likeness, again);
    }
    Set<Key> gone = keys(was.deleted(), shape);
    Set<Key> goneNow = keys(is.deleted(), shape);
    if (!gone.equals(goneNow)) {
      return other(
          "it deleted "
              + rows(gone.size())
              + " of "
              + table
              + ", and would delete "
              + (gone.size() == goneNow.size() ? "others" : rows(goneNow.size()))
              + " now");
    }
    return updates(was, is, again, likeness).and(inserts(was, is, again, likeness));
  }

  private static String rows(int count) {
    return count == 1 ? "1 row" : count + " rows";
  }

  private static Set<Key> keys(List<Image> images, TableShape shape) {
    return images.stream().map(shape::keyOf).collect(Collectors.toSet());
  }

  private static RowsLikeness updates(NetRows was, NetRows is, NetRows again, Likeness likeness) {
    TableShape shape = was.shape();
    Map<Key, NetRows.Update> now = byKey(is.updated());
    Map<Key, NetRows.Update> later = byKey(again.updated());
    if (!byKey(was.updated()).keySet().equals(now.keySet())) {
      return other(
          "it updated "
              + rows(was.updated().size())
              + " of "
              + shape.qualifiedName()
              + ", and would update "
              + (was.updated().size() == is.updated().size() ? "others" : rows(is.updated().size()))
              + " now");
    }
    RowsLikeness all = ALIKE;
    for (NetRows.Update update : was.updated()) {
      NetRows.Update other = now.getOrDefault(update.key(), update);
      NetRows.Update third = later.getOrDefault(update.key(), other);
      for (int i = 0; i < shape.columns().size(); i++) {
        boolean written =
            !update.before().cells().get(i).equals(update.after().cells().get(i))
                || !other.before().cells().get(i).equals(other.after().cells().get(i));
        if (written) {
          all = all.and(cell(shape, i, update.after(), other.after(), third.after(), likeness));
        }
      }
    }
    return all;
  }

  private static Map<Key, NetRows.Update> byKey(List<NetRows.Update> updates) {
    return updates.stream()
        .collect(Collectors.toMap(NetRows.Update::key, Function.identity(), (one, ignored) -> one));
  }

  /** Rows of the same key belong together, the others in the order in which they were made. */
  private static RowsLikeness inserts(NetRows was, NetRows is, NetRows again, Likeness likeness) {
    TableShape shape = was.shape();
    if (was.inserted().size() != is.inserted().size()) {
      return other(
          "it inserted "
              + rows(was.inserted().size())
              + " into "
              + shape.qualifiedName()
              + ", and would insert "
              + rows(is.inserted().size())
              + " now");
    }
    Map<Key, Integer> places = new HashMap<>();
    for (int i = 0; i < is.inserted().size(); i++) {
      places.put(shape.keyOf(is.inserted().get(i)), i);
    }
    List<Integer> open = new ArrayList<>();
    RowsLikeness all = ALIKE;
    for (int i = 0; i < was.inserted().size(); i++) {
      Integer place = places.remove(shape.keyOf(was.inserted().get(i)));
      if (place == null) {
        open.add(i);
      } else {
        all = all.and(row(was, i, is, place, again, likeness));
      }
    }
    List<Integer> left = places.values().stream().sorted().toList();
    for (int i = 0; i < open.size() && i < left.size(); i++) {
      all = all.and(row(was, open.get(i), is, left.get(i), again, likeness));
    }
    return all;
  }

  private static RowsLikeness row(
      NetRows was, int first, NetRows is, int second, NetRows again, Likeness likeness) {
    TableShape shape = was.shape();
    Image other = is.inserted().get(second);
    boolean repeated = again.inserted().size() == is.inserted().size();
    Image third = repeated ? again.inserted().get(second) : other;
    RowsLikeness all = ALIKE;
    for (int i = 0; i < shape.columns().size(); i++) {
      all = all.and(cell(shape, i, was.inserted().get(first), other, third, likeness));
    }
    return all;
  }

  private static RowsLikeness cell(
      TableShape shape, int place, Image was, Image is, Image again, Likeness likeness) {
    Column column = shape.columns().get(place);
    Cell old = was.cells().get(place);
    Cell now = is.cells().get(place);
    Degree degree =
        likeness.of(column.typeOid(), old.text(), now.text(), again.cells().get(place).text());
    return degree == Degree.SAME
        ? ALIKE
        : new RowsLikeness(
            degree,
            "it wrote "
                + shown(old.text())
                + " to "
                + shape.qualifiedName()
                + "."
                + column.name()
                + ", and would write "
                + shown(now.text())
                + " now");
  }

  private static String shown(@Nullable String text) {
    return text == null ? "NULL" : text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }

  /** Rows that are the same to the letter are as good as each other. */
  private static RowsLikeness ofKeyless(NetRows was, NetRows is, Likeness likeness, NetRows again) {
    if (bag(was.inserted()).equals(bag(is.inserted()))
        && bag(was.deleted()).equals(bag(is.deleted()))) {
      return ALIKE;
    }
    boolean insertsAlone =
        was.deleted().isEmpty()
            && is.deleted().isEmpty()
            && was.inserted().size() == is.inserted().size();
    if (!insertsAlone) {
      return other("it would change other rows of " + was.shape().qualifiedName() + " now");
    }
    RowsLikeness all = ALIKE;
    for (int i = 0; i < was.inserted().size(); i++) {
      all = all.and(row(was, i, is, i, again, likeness));
    }
    return all;
  }

  private static Map<Image, Long> bag(List<Image> images) {
    return images.stream()
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }

  /** What one statement told. */
  static RowsLikeness of(Outcome was, Outcome is, Outcome again, Likeness likeness) {
    if (was.refusal().isPresent() || is.refusal().isPresent()) {
      return refusals(was, is, again);
    }
    if (was.count() != is.count()) {
      return other("it told of " + rows(was.count()) + ", and would tell of " + rows(is.count()));
    }
    return results(was.result(), is.result(), again.result(), likeness);
  }

  private static RowsLikeness refusals(Outcome was, Outcome is, Outcome again) {
    String why =
        was.refusal().map(one -> "it was refused with " + one.words()).orElse("it went through")
            + ", and would "
            + is.refusal().map(one -> "be refused with " + one.words()).orElse("go through")
            + " now";
    Optional<String> state = was.refusal().map(Refusal::sqlState);
    if (!state.equals(is.refusal().map(Refusal::sqlState))) {
      return other(why);
    }
    if (was.refusal().equals(is.refusal())
        && !was.refusal().filter(Refusal::isUntold).isPresent()) {
      return ALIKE;
    }
    // A message may name what was drawn; one of an earlier version is not known.
    boolean drawn =
        !is.refusal().equals(again.refusal())
            && state.equals(again.refusal().map(Refusal::sqlState));
    boolean untold = was.refusal().flatMap(Refusal::detail).isEmpty();
    return drawn || untold ? new RowsLikeness(Degree.CHANCE, why) : other(why);
  }

  private static String rows(long count) {
    return count == 1 ? "1 row" : count + " rows";
  }

  private static RowsLikeness results(Result was, Result is, Result again, Likeness likeness) {
    if (!was.comparable()) {
      return new RowsLikeness(Degree.CHANCE, UNKNOWN);
    }
    List<Long> types = was.columns().stream().map(column -> column.typeOid()).toList();
    if (!types.equals(is.columns().stream().map(column -> column.typeOid()).toList())) {
      return other("it returns other columns now");
    }
    if (types.isEmpty() || (was.bagDigest() == is.bagDigest() && was.rowCount() == is.rowCount())) {
      return ALIKE;
    }
    Optional<List<List<@Nullable String>>> rows = was.rows();
    if (rows.isEmpty() || is.rows().isEmpty() || was.rowCount() != is.rowCount()) {
      return other("it would return other rows now");
    }
    List<List<@Nullable String>> now = is.rows().get();
    List<List<@Nullable String>> third =
        again.rows().filter(r -> r.size() == now.size()).orElse(now);
    RowsLikeness all = ALIKE;
    for (int i = 0; i < now.size(); i++) {
      for (int j = 0; j < types.size(); j++) {
        String old = rows.get().get(i).get(j);
        String text = now.get(i).get(j);
        Degree degree = likeness.of(types.get(j), old, text, third.get(i).get(j));
        if (degree != Degree.SAME) {
          all =
              all.and(
                  new RowsLikeness(
                      degree,
                      "it returned " + shown(old) + ", and would return " + shown(text) + " now"));
        }
      }
    }
    return all;
  }
}
