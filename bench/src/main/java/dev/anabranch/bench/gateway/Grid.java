package dev.anabranch.bench.gateway;

import dev.anabranch.bench.measure.Findings;
import dev.anabranch.bench.report.Goal;
import dev.anabranch.bench.report.Summary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** What pgbench measured, by load and by way; of several rounds the median counts. */
final class Grid {

  private static final double GOAL_OF_BOUNCER = 0.9;
  private static final double GOAL_ADDED_MICROS = 40;
  private static final double MICROS_PER_SECOND = 1e6;
  private static final double MICROS_PER_MILLI = 1e3;

  private final Scene scene;
  private final Map<Load, Map<Way, List<Round>>> rounds = new LinkedHashMap<>();

  /**
   * One run of pgbench.
   *
   * @param processorSeconds spent in databases and in what stands before them
   */
  record Round(Pgbench.Outcome outcome, double processorSeconds) {
    double processorMicros() {
      return processorSeconds * MICROS_PER_SECOND / Math.max(1, outcome.transactions());
    }
  }

  Grid(Scene scene) {
    this.scene = scene;
  }

  void add(Load load, Way way, Round round) {
    rounds
        .computeIfAbsent(load, _ -> new HashMap<>())
        .computeIfAbsent(way, _ -> new ArrayList<>())
        .add(round);
  }

  void report(Findings findings) {
    rounds.keySet().forEach(load -> latencies(load, findings));
    rounds.keySet().forEach(load -> speeds(load, findings));
  }

  private List<Round> at(Load load, Way way) {
    return rounds.getOrDefault(load, Map.of()).getOrDefault(way, List.of());
  }

  private void latencies(Load load, Findings findings) {
    Map<Way, Summary> summaries = new LinkedHashMap<>();
    for (Way way : scene.ways()) {
      Summary summary =
          Summary.ofNanos(
              at(load, way).stream()
                  .flatMap(round -> round.outcome().nanos().stream())
                  .mapToLong(nanos -> nanos));
      if (summary.count() > 0) {
        summaries.put(way, summary);
        findings.latencies(load.words() + ": " + way.words(), summary);
      }
    }
    Summary direct = summaries.get(scene.directOverTcp());
    if (direct == null) {
      return;
    }
    summaries.forEach((way, summary) -> {
      double added = (summary.p50() - direct.p50()) * MICROS_PER_MILLI;
      String what = load.words() + ": added over direct, p50, " + way.words();
      if (way.equals(scene.gateway()) && load.mix() == Load.Mix.SELECT) {
        findings.figure(what, added, "µs", Goal.atMost("", GOAL_ADDED_MICROS, "µs", added));
      } else if (!way.equals(scene.directOverTcp())) {
        findings.figure(what, added, "µs");
      }
    });
  }

  private void speeds(Load load, Findings findings) {
    for (Way way : scene.ways()) {
      List<Round> runs = at(load, way);
      if (!runs.isEmpty()) {
        findings.figure(load.words() + ": " + way.words(), perSecond(runs), "/s");
      }
    }
    OptionalDouble bouncer =
        scene.throughBouncers().stream()
            .map(way -> at(load, way))
            .filter(runs -> !runs.isEmpty())
            .mapToDouble(Grid::perSecond)
            .max();
    double gateway = perSecond(at(load, scene.gateway()));
    findings.figure(
        load.words() + ": gateway ÷ direct, TCP",
        gateway / perSecond(at(load, scene.directOverTcp())),
        "×");
    if (bouncer.isPresent()) {
      double ratio = gateway / bouncer.getAsDouble();
      String what = load.words() + ": gateway ÷ the faster PgBouncer";
      if (load.clients() > 1) {
        findings.figure(what, ratio, "×", Goal.atLeast("", GOAL_OF_BOUNCER, "×", ratio));
      } else {
        findings.figure(what, ratio, "×");
      }
    }
    for (Way way : scene.ways()) {
      // What its copy spends is not in the server's books.
      if (!way.equals(scene.directOverTcp()) && !at(load, way).isEmpty()) {
        findings.figure(
            load.words() + ": processor time each, " + way.words(),
            median(at(load, way).stream().mapToDouble(Round::processorMicros).sorted().toArray()),
            "µs");
      }
    }
  }

  private static double perSecond(List<Round> runs) {
    return median(runs.stream().mapToDouble(run -> run.outcome().perSecond()).sorted().toArray());
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
