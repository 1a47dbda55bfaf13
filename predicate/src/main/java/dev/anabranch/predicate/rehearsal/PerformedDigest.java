package dev.anabranch.predicate.rehearsal;

import dev.anabranch.base.Image;
import dev.anabranch.base.ShortDigest;
import dev.anabranch.ledger.Result;
import dev.anabranch.ledger.Write;
import dev.anabranch.predicate.world.Outcome;
import dev.anabranch.predicate.world.Performance;
import dev.anabranch.predicate.world.World;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A digest of what statements come to that were executed twice over the same rows, so that it is
 * the same when they are executed once more: what differs between the two, such as drawn numbers
 * and readings of the clock, has no part in it.
 */
final class PerformedDigest {

  private static final int DIGITS = 32;

  private static final String DIFFERS = "differs each time";

  private final List<String> parts = new ArrayList<>();

  private PerformedDigest() {}

  /**
   * @param place of the statement whose rows count, besides all that was written
   * @param why what is other than it was, in words
   */
  static String of(World.Reply.Performed performed, int place, String why) {
    PerformedDigest digest = new PerformedDigest();
    digest.parts.add(why);
    Performance first = performed.first();
    Performance second = performed.second();
    if (place >= 0 && place < Math.min(first.outcomes().size(), second.outcomes().size())) {
      digest.addOutcome(first.outcomes().get(place), second.outcomes().get(place));
    }
    digest.addWrites(first.writes(), second.writes());
    return ShortDigest.of(DIGITS, digest.parts);
  }

  private void addOutcome(Outcome one, Outcome other) {
    parts.add(
        one.refusal().equals(other.refusal())
            ? one.refusal().map(refusal -> refusal.words()).orElse("")
            : DIFFERS);
    parts.add(Long.toString(one.count()));
    addRows(one.result(), other.result());
  }

  private void addRows(Result one, Result other) {
    one.columns().forEach(column -> parts.add(column.name() + " " + column.typeOid()));
    parts.add(Long.toString(one.rowCount()));
    if (one.bagDigest() == other.bagDigest()) {
      parts.add(Long.toString(one.bagDigest()));
      return;
    }
    List<List<@Nullable String>> rows = one.rows().orElse(List.of());
    List<List<@Nullable String>> others = other.rows().orElse(List.of());
    for (int i = 0; i < Math.min(rows.size(), others.size()); i++) {
      for (int j = 0; j < rows.get(i).size(); j++) {
        String text = String.valueOf(rows.get(i).get(j));
        parts.add(text.equals(String.valueOf(others.get(i).get(j))) ? text : DIFFERS);
      }
    }
  }

  /** In any order: in which rows are found is nobody's choice. */
  private void addWrites(List<Write> one, List<Write> other) {
    List<String> writes = new ArrayList<>();
    for (int i = 0; i < one.size(); i++) {
      writes.add(told(one.get(i), i < other.size() ? other.get(i) : one.get(i)));
    }
    Collections.sort(writes);
    parts.addAll(writes);
  }

  private static String told(Write write, Write again) {
    return write.table()
        + switch (write) {
          case Write.Insert insert ->
              " inserted "
                  + told(
                      insert.after(),
                      again instanceof Write.Insert same ? same.after() : insert.after());
          case Write.Update update -> {
            Write.Update same = again instanceof Write.Update alike ? alike : update;
            yield " updated "
                + told(update.before(), same.before())
                + " to "
                + told(update.after(), same.after());
          }
          case Write.Delete delete ->
              " deleted "
                  + told(
                      delete.before(),
                      again instanceof Write.Delete same ? same.before() : delete.before());
          case Write.Truncate ignored -> " emptied";
        };
  }

  private static String told(Image image, Image again) {
    StringBuilder told = new StringBuilder();
    for (int place = 0; place < image.cells().size(); place++) {
      String cell = image.cells().get(place).toString();
      boolean same =
          place < again.cells().size() && cell.equals(again.cells().get(place).toString());
      told.append(same ? cell.length() + ":" + cell : DIFFERS).append(' ');
    }
    return told.toString();
  }
}
