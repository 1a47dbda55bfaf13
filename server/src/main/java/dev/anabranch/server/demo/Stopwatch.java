package dev.anabranch.server.demo;

import java.util.LinkedHashMap;
import java.util.Map;

/** Seconds by part of the story, in the order in which the parts ended. */
final class Stopwatch {

  private static final double NANOS_A_SECOND = 1e9;
  private static final double HUNDREDTHS = 100.0;

  private final long began = System.nanoTime();
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  /** A part of the story, which may fail as databases do. */
  @FunctionalInterface
  interface Part<T> {
    T play() throws java.sql.SQLException;
  }

  <T> T time(String name, Part<T> part) throws java.sql.SQLException {
    long start = System.nanoTime();
    T result = part.play();
    seconds.put(name, since(start));
    return result;
  }

  double of(String name) {
    return seconds.getOrDefault(name, 0.0);
  }

  /** All parts, and the total so far. */
  Map<String, Double> all() {
    Map<String, Double> all = new LinkedHashMap<>(seconds);
    all.put("total", since(began));
    return all;
  }

  private static double since(long start) {
    return Math.round((System.nanoTime() - start) / NANOS_A_SECOND * HUNDREDTHS) / HUNDREDTHS;
  }
}
