package dev.anabranch.server.webhook;

import dev.anabranch.base.Lsn;
import dev.anabranch.branch.Branch;
import dev.anabranch.predicate.CheckReport;
import dev.anabranch.predicate.CheckReport.Judged;
import dev.anabranch.server.watch.Listener;
import dev.anabranch.server.watch.News;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A branch that is followed for webhooks, and its verdicts as they were heard last; one thread's.
 */
final class Followed {

  private final Listener listener;
  private final Map<Long, Judged> verdicts = new HashMap<>();
  private final Set<String> content = new HashSet<>();
  private Branch branch;
  private Optional<Lsn> asOf = Optional.empty();

  Followed(Branch branch, Listener listener) {
    this.branch = branch;
    this.listener = listener;
  }

  Branch branch() {
    return branch;
  }

  /** The same life, which may have another name by now. */
  void seen(Branch now) {
    branch = now;
  }

  /** Takes what there is to hear without waiting for it; whether more may come. */
  boolean listen() throws InterruptedException {
    Optional<News> news = listener.next(Duration.ZERO);
    while (news.isPresent()) {
      if (!hear(news.get())) {
        return false;
      }
      news = listener.next(Duration.ZERO);
    }
    return true;
  }

  private boolean hear(News news) {
    return switch (news) {
      case News.Whole(CheckReport report) -> {
        verdicts.clear();
        take(report.verdicts(), report.asOf());
        yield true;
      }
      case News.Flips flips -> {
        take(flips.judged(), flips.asOf());
        yield true;
      }
      case News.Failed ignored -> true;
      case News.Ended ignored -> false;
      case News.Silence ignored -> false;
    };
  }

  private void take(List<Judged> judged, Lsn position) {
    judged.forEach(one -> verdicts.put(one.answer().id(), one));
    asOf = Optional.of(position);
    content.clear();
  }

  /** What all verdicts are true as of; empty until there are any. */
  Optional<Lsn> asOf() {
    return asOf;
  }

  Collection<Judged> verdicts() {
    return verdicts.values();
  }

  /** Whether a webhook was found to know all this. */
  boolean isKnownTo(Webhook webhook) {
    return content.contains(webhook.id());
  }

  void knownTo(Webhook webhook) {
    content.add(webhook.id());
  }

  void leave() {
    listener.close();
  }
}
