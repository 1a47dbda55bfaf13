package dev.anabranch.server;

import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.Supplier;

/** What is measured, in Prometheus's words. */
final class Metrics {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Timer creates = timer("anabranch.branch.create", "Creating a branch");
  private final Timer checks = timer("anabranch.check", "Checking a branch's answers");
  private final Timer preparations =
      timer("anabranch.check.prepare", "Preparing the next check of a branch");
  private final Timer promotions = timer("anabranch.promote", "Promoting a branch, dry runs too");

  private Timer timer(String name, String description) {
    return Timer.builder(name).description(description).register(registry);
  }

  /** A number that is read when somebody looks. */
  void gauge(String name, String description, Supplier<Number> value) {
    io.micrometer.core.instrument.Gauge.builder(name, value)
        .description(description)
        .register(registry);
  }

  Timer creates() {
    return creates;
  }

  Timer checks() {
    return checks;
  }

  Timer preparations() {
    return preparations;
  }

  Timer promotions() {
    return promotions;
  }

  String text() {
    return registry.scrape();
  }
}
