package dev.anabranch.trials.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** What was done and how long it took, counted by all visitors together. */
final class Figures {

  private final Map<String, List<Long>> nanos = new TreeMap<>();
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private final Map<String, Long> verdicts = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();

  <T> T timed(String operation, Supplier<T> call) {
    long began = System.nanoTime();
    T result = call.get();
    synchronized (this) {
      nanos.computeIfAbsent(operation, ignored -> new ArrayList<>()).add(System.nanoTime() - began);
    }
    return result;
  }

  synchronized void checked(JsonNode counts) {
    counts
        .properties()
        .forEach(count -> verdicts.merge(count.getKey(), count.getValue().asLong(), Long::sum));
  }

  synchronized void promoted(String outcome) {
    outcomes.merge(outcome, 1, Integer::sum);
  }

  synchronized void failed(String sentence) {
    failures.add(sentence);
  }

  synchronized List<String> failures() {
    return List.copyOf(failures);
  }

  /** How often this was done. */
  synchronized int count(String operation) {
    return nanos.getOrDefault(operation, List.of()).size();
  }

  /** A line for each operation, then the verdicts and the outcomes. */
  synchronized List<String> table() {
    List<String> lines = new ArrayList<>();
    nanos.forEach((operation, times) -> {
      List<Long> sorted = times.stream().sorted().toList();
      lines.add(
          String.format(
              Locale.ROOT,
              "%-8s %5d times   p50 %6.0f ms   p95 %6.0f ms   max %6.0f ms",
              operation,
              sorted.size(),
              sorted.get(sorted.size() / 2) / 1e6,
              sorted.get(sorted.size() * 95 / 100) / 1e6,
              sorted.getLast() / 1e6));
    });
    lines.add("verdicts " + verdicts);
    lines.add("promotions " + outcomes);
    return lines;
  }
}
