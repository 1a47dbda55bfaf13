package dev.anabranch.promote.merge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A text, line by line. Lines that all three texts have exactly once hold still; what is between
 * two of them was changed by one side, or by both alike, or the cell stays apart.
 *
 * <p>Other ways to compare texts choose one of several equally good ones, and then what comes out
 * depends on who was first.
 */
record TextRule() implements MergeRule {

  @Override
  public String word() {
    return "text";
  }

  @Override
  public Merged combine(String base, String branch, String main) {
    List<String> was = lines(base);
    List<String> ours = lines(branch);
    List<String> theirs = lines(main);
    List<String> still = new ArrayList<>(once(was).keySet());
    Map<String, Integer> inBase = once(was);
    Map<String, Integer> inOurs = once(ours);
    Map<String, Integer> inTheirs = once(theirs);
    still.removeIf(line -> !inOurs.containsKey(line) || !inTheirs.containsKey(line));
    still.sort((one, other) -> Integer.compare(place(inBase, one), place(inBase, other)));
    StringBuilder merged = new StringBuilder();
    int a = 0;
    int b = 0;
    int c = 0;
    for (int i = 0; i <= still.size(); i++) {
      boolean end = i == still.size();
      int nextA = end ? was.size() : place(inBase, still.get(i));
      int nextB = end ? ours.size() : place(inOurs, still.get(i));
      int nextC = end ? theirs.size() : place(inTheirs, still.get(i));
      if (nextB < b || nextC < c) {
        return new Merged.Apart("lines were moved");
      }
      List<String> before = was.subList(a, nextA);
      List<String> mine = ours.subList(b, nextB);
      List<String> other = theirs.subList(c, nextC);
      if (!mine.equals(before) && !other.equals(before) && !mine.equals(other)) {
        return new Merged.Apart("both sides changed the same lines");
      }
      (mine.equals(before) ? other : mine).forEach(merged::append);
      if (!end) {
        merged.append(still.get(i));
      }
      a = nextA + 1;
      b = nextB + 1;
      c = nextC + 1;
    }
    return new Merged.Together(merged.toString());
  }

  private static int place(Map<String, Integer> places, String line) {
    return places.getOrDefault(line, -1);
  }

  /** Lines with their ends, so that all of them together are the text again. */
  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    int from = 0;
    for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      lines.add(text.substring(from, at + 1));
      from = at + 1;
    }
    if (from < text.length()) {
      lines.add(text.substring(from));
    }
    return lines;
  }

  /** Where those lines are that are there once. */
  private static Map<String, Integer> once(List<String> lines) {
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      places.merge(lines.get(i), i, (first, again) -> -1);
    }
    places.values().removeIf(place -> place < 0);
    return places;
  }
}
