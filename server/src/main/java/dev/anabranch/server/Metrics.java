package dev.anabranch.server;

import dev.anabranch.base.ErrorCode;
import dev.anabranch.predicate.CheckReport;
import dev.anabranch.predicate.verdict.AskedBecause;
import dev.anabranch.predicate.verdict.Cause;
import dev.anabranch.predicate.verdict.Proof;
import dev.anabranch.predicate.verdict.Verdict;
import dev.anabranch.promote.Promotion;
import dev.anabranch.server.webhook.Delivery;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What is measured, in Prometheus's words. What can be counted is there from the start, at 0, so
 * that a first time is seen as one.
 */
final class Metrics {

  /** What brings work to main, or looks what it would bring. */
  enum Kind {
    PROMOTION,
    DRY_RUN,
    LOOK,
    UNDO
  }

  private static final List<String> VERDICTS = List.of("holds", "changed", "undecided");
  private static final String FAILED = "failed";
  private static final String DONE = "done";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Timer creates = timer("anabranch.branch.create", "Creating a branch");
  private final Timer checks = timer("anabranch.check", "Checking a branch's answers");
  private final Timer preparations =
      timer("anabranch.check.prepare", "Preparing the next check of a branch");
  private final Timer promotions = timer("anabranch.promote", "Promoting a branch, dry runs too");

  Metrics() {
    VERDICTS.forEach(verdict -> {
      for (Proof proof : Proof.values()) {
        verdicts(verdict, proof);
      }
    });
    for (Cause cause : Cause.values()) {
      undecided(cause);
    }
    for (AskedBecause because : AskedBecause.values()) {
      askedAgain(because);
    }
    for (Delivery.Outcome outcome : Delivery.Outcome.values()) {
      delivered(outcome);
    }
    checked(DONE);
    checked(FAILED);
    for (Kind kind : Kind.values()) {
      for (Promotion.Outcome outcome : Promotion.Outcome.values()) {
        promoted(kind, word(outcome));
      }
      promoted(kind, FAILED);
    }
    for (ErrorCode code : ErrorCode.values()) {
      errors(code);
    }
    new UptimeMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
  }

  private Timer timer(String name, String description) {
    return Timer.builder(name).description(description).register(registry);
  }

  /** A number that is read when somebody looks. */
  void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  /** The same for one of several of a kind. */
  void gauge(String name, String label, String of, String description, Supplier<Number> value) {
    Gauge.builder(name, value).tag(label, of).description(description).register(registry);
  }

  /** A number that only grows, and is read when somebody looks. */
  void counter(String name, String description, Supplier<Number> value) {
    FunctionCounter.builder(name, value, supplier -> supplier.get().doubleValue())
        .description(description)
        .register(registry);
  }

  private Counter verdicts(String verdict, Proof proof) {
    return Counter.builder("anabranch.verdicts")
        .tag("verdict", verdict)
        .tag("proof", word(proof))
        .description("Verdicts that were given, by what proved them")
        .register(registry);
  }

  private Counter undecided(Cause cause) {
    return Counter.builder("anabranch.undecided")
        .tag("cause", word(cause))
        .description(
            "Undecided verdicts of checks, and of what promotions hold, by why nothing could be"
                + " proved")
        .register(registry);
  }

  private Counter askedAgain(AskedBecause because) {
    return Counter.builder("anabranch.asked.again")
        .tag("because", word(because))
        .description(
            "Verdicts that rest on asking again, by what main's changes alone did not tell")
        .register(registry);
  }

  private Counter checked(String outcome) {
    return Counter.builder("anabranch.checks")
        .tag("outcome", outcome)
        .description("Checks that were asked for, or made for who watches")
        .register(registry);
  }

  private Counter promoted(Kind kind, String outcome) {
    return Counter.builder("anabranch.promotions")
        .tag("kind", word(kind))
        .tag("outcome", outcome)
        .description("Promotions, dry runs, looks at facts and undoings, by how they ended")
        .register(registry);
  }

  private Counter delivered(Delivery.Outcome outcome) {
    return Counter.builder("anabranch.webhook.deliveries")
        .tag("outcome", word(outcome))
        .description(
            "Attempts to tell a webhook, by how they ended: one that failed is made again, until it"
                + " is given up")
        .register(registry);
  }

  private Counter errors(ErrorCode code) {
    return Counter.builder("anabranch.errors")
        .tag("code", "AB-" + code.number())
        .description("Requests over HTTP that failed, by the error's number (docs/errors.md)")
        .register(registry);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  Timer creates() {
    return creates;
  }

  Timer preparations() {
    return preparations;
  }

  /** Measures a check and what it found. */
  CheckReport check(Supplier<CheckReport> check) {
    try {
      CheckReport report = checks.record(check);
      checked(DONE).increment();
      report.verdicts().forEach(this::judged);
      return report;
    } catch (RuntimeException e) {
      checked(FAILED).increment();
      throw e;
    }
  }

  private void judged(CheckReport.Judged judged) {
    verdicts(judged.verdict().word(), judged.verdict().proof()).increment();
    judged.asked().ifPresent(because -> askedAgain(because).increment());
    untold(judged.verdict());
  }

  private void untold(Verdict verdict) {
    if (verdict instanceof Verdict.Undecided undecided) {
      undecided(undecided.cause()).increment();
    }
  }

  /** What checks have found since the start, for people: only what there was, the most first. */
  Map<String, Object> verdictsGiven() {
    Map<String, Object> given = new LinkedHashMap<>();
    for (String verdict : VERDICTS) {
      long count = 0;
      for (Proof proof : Proof.values()) {
        count += whole(verdicts(verdict, proof));
      }
      given.put(verdict, count);
    }
    given.put("undecidedBecause", histogram(Cause.values(), this::undecided));
    given.put("askedAgainBecause", histogram(AskedBecause.values(), this::askedAgain));
    return given;
  }

  private static <E extends Enum<E>> Map<String, Long> histogram(
      E[] kinds, Function<E, Counter> counter) {
    Map<String, Long> counts = new LinkedHashMap<>();
    Arrays.stream(kinds)
        .map(kind -> Map.entry(word(kind), whole(counter.apply(kind))))
        .filter(count -> count.getValue() > 0)
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .forEach(count -> counts.put(count.getKey(), count.getValue()));
    return counts;
  }

  private static long whole(Counter counter) {
    return Math.round(counter.count());
  }

  /** Measures a promotion and how it ended. */
  Promotion promotion(Kind kind, Supplier<Promotion> promotion) {
    try {
      Promotion ended = promotions.record(promotion);
      promoted(kind, word(ended.outcome())).increment();
      ended.premises().forEach(judged -> untold(judged.verdict()));
      return ended;
    } catch (RuntimeException e) {
      promoted(kind, FAILED).increment();
      throw e;
    }
  }

  void told(Delivery.Outcome outcome) {
    delivered(outcome).increment();
  }

  void failed(ErrorCode code) {
    errors(code).increment();
  }

  /** What a meter has now, all its labels together; NaN when that is not known. */
  double now(String name) {
    double sum = Double.NaN;
    for (Meter meter : registry.find(name).meters()) {
      for (Measurement measurement : meter.measure()) {
        sum = Double.isNaN(sum) ? measurement.getValue() : sum + measurement.getValue();
      }
    }
    return sum;
  }

  String text() {
    return registry.scrape();
  }
}
