package dev.anabranch.bench.measure;

import dev.anabranch.bench.report.Goal;
import dev.anabranch.bench.report.Line;
import dev.anabranch.bench.report.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** What a benchmark has found so far; failures may be reported from any thread. */
public final class Findings {

  private final List<Line> lines = new ArrayList<>();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final Consumer<String> progress;

  /**
   * @param progress told what is being done
   */
  public Findings(Consumer<String> progress) {
    this.progress = progress;
  }

  public void doing(String what) {
    progress.accept(what);
  }

  public void latencies(String what, Summary times) {
    lines.add(new Line.Latencies(what, times, Optional.empty()));
  }

  public void latencies(String what, Summary times, Goal goal) {
    lines.add(new Line.Latencies(what, times, Optional.of(goal)));
  }

  public void figure(String what, double value, String unit) {
    lines.add(new Line.Figure(what, value, unit, Optional.empty()));
  }

  public void figure(String what, double value, String unit, Goal goal) {
    lines.add(new Line.Figure(what, value, unit, Optional.of(goal)));
  }

  /** Something that must not happen at any speed. */
  public void failed(String sentence) {
    failures.add(sentence);
  }

  public List<Line> lines() {
    return List.copyOf(lines);
  }

  public List<String> failures() {
    return List.copyOf(failures);
  }
}
