package dev.anabranch.web;

import gg.jte.html.HtmlContent;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pieces of the API's JSON as short text. What comes of it is escaped by the template. */
public final class PageTexts {

  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("d MMM uuuu HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final int MOST_ROWS = 20;
  private static final int PLAN_SHOWN = 12;
  private static final List<String> BYTES = List.of("B", "kB", "MB", "GB", "TB");
  private static final double BYTES_STEP = 1024;

  private PageTexts() {}

  /** {@code 1 unit}, {@code 2 units}. */
  public static String count(long number, String noun) {
    return number(number) + " " + noun + (number == 1 ? "" : "s");
  }

  public static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** {@code id=9001, line=2}. */
  public static HtmlContent named(@Nullable Map<String, ? extends @Nullable String> cells) {
    List<HtmlContent> parts = new ArrayList<>();
    if (cells != null) {
      cells.forEach(
          (name, value) -> parts.add(CellText.joined(name + "=", CellText.amongOthers(value))));
    }
    return CellText.listed(parts);
  }

  /** A cell; what is too long for a page is cut. */
  public static HtmlContent cell(@Nullable String text) {
    return CellText.of(text);
  }

  /** A name, a statement or a sentence of somebody else's. */
  public static HtmlContent said(@Nullable String text) {
    return CellText.said(text == null ? "" : text);
  }

  /** That there is none. */
  public static HtmlContent none() {
    return CellText.word("—");
  }

  /** As many rows as a person reads, a line each. */
  public static List<HtmlContent> rows(@Nullable List<List<@Nullable String>> rows) {
    if (rows == null) {
      return List.of(CellText.word("(not kept)"));
    }
    List<HtmlContent> lines = new ArrayList<>();
    for (List<@Nullable String> row : rows.subList(0, Math.min(rows.size(), MOST_ROWS))) {
      List<HtmlContent> cells = new ArrayList<>();
      for (String one : row) {
        cells.add(row.size() == 1 ? cell(one) : CellText.amongOthers(one));
      }
      lines.add(CellText.listed(cells));
    }
    if (rows.size() > MOST_ROWS) {
      lines.add(CellText.word("… " + count(rows.size() - (long) MOST_ROWS, "more row")));
    }
    return lines.isEmpty() ? List.of(CellText.word("(no rows)")) : lines;
  }

  /** A moment, to the minute. */
  public static String time(@Nullable Instant moment) {
    return moment == null ? "—" : MINUTE.format(moment);
  }

  /** How long, in its largest unit. */
  public static String span(Duration time) {
    Duration positive = time.isNegative() ? time.negated() : time;
    if (positive.toDays() > 0) {
      return count(positive.toDays(), "day");
    }
    return positive.toHours() > 0
        ? count(positive.toHours(), "hour")
        : count(positive.toMinutes(), "minute");
  }

  /** {@code 1.4 MB}. */
  public static String bytes(double number) {
    double shown = number;
    int unit = 0;
    while (Math.abs(shown) >= BYTES_STEP && unit < BYTES.size() - 1) {
      shown /= BYTES_STEP;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", shown, BYTES.get(unit));
  }

  /** As much of a plan's digest as tells it from others. */
  public static String shortPlan(String plan) {
    return plan.substring(0, Math.min(PLAN_SHOWN, plan.length()));
  }

  /** A list of numbers, cut where nobody reads on. */
  public static String numbers(List<Long> numbers) {
    List<String> shown = new ArrayList<>();
    numbers.stream().limit(MOST_ROWS).forEach(n -> shown.add(n.toString()));
    if (numbers.size() > MOST_ROWS) {
      shown.add("… " + number(numbers.size() - (long) MOST_ROWS) + " more");
    }
    return String.join(", ", shown);
  }
}
