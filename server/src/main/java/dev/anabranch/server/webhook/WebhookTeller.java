package dev.anabranch.server.webhook;

import dev.anabranch.base.BranchId;
import dev.anabranch.branch.Branch;
import dev.anabranch.server.watch.Watches;
import dev.anabranch.server.webhook.Delivery.Ended;
import dev.anabranch.server.webhook.Delivery.Outcome;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the branches that webhooks are for, and tells these what turns.
 *
 * <p>One who is told of a branch has one delivery at a time: what turns meanwhile is told with the
 * next one, as the difference to what has arrived. So a receiver that is away makes no queue, and
 * when it is back it hears how things are. What waits is in the control database, so that a server
 * that was killed goes on with it; an attempt of which nobody knows how it ended is made again.
 *
 * <p>{@link #turn} is called again and again by one thread; receivers are waited for by others.
 */
public final class WebhookTeller implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WebhookTeller.class);

  /** As many receivers are waited for at once; each has one attempt at a time. */
  private static final int CALLERS = 4;

  private final Webhooks webhooks;
  private final WebhookStore store;
  private final Watches watches;
  private final Supplier<List<Branch>> branches;
  private final InstantSource clock;
  private final Consumer<Outcome> measured;
  private final WebhookCalls calls = new WebhookCalls();
  private final ExecutorService callers =
      Executors.newFixedThreadPool(
          CALLERS, Thread.ofPlatform().daemon().name("webhook-", 1).factory());
  private final Set<String> busy = ConcurrentHashMap.newKeySet(); // webhooks being called
  // Both below are the turning thread's own.
  private final Map<BranchId, Followed> followed = new HashMap<>();
  private boolean remains = true; // whether something may be kept of lives that are over

  /**
   * @param branches those that live
   * @param measured is told how each attempt ended
   */
  public WebhookTeller(
      Webhooks webhooks,
      WebhookStore store,
      Watches watches,
      Supplier<List<Branch>> branches,
      InstantSource clock,
      Consumer<Outcome> measured) {
    this.webhooks = webhooks;
    this.store = store;
    this.watches = watches;
    this.branches = branches;
    this.clock = clock;
    this.measured = measured;
  }

  /** Looks once what there is to tell, and tells it without waiting for anybody. */
  public void turn() {
    List<Webhook> wanted = webhooks.known();
    if (wanted.isEmpty() && followed.isEmpty()) {
      return;
    }
    follow(wanted);
    hear();
    for (Followed one : followed.values()) {
      wanted.stream()
          .filter(webhook -> webhook.isFor(one.branch().name()))
          .forEach(webhook -> tell(webhook, one));
    }
    // What one of these was being told when it was read may have arrived since.
    Set<String> called = Set.copyOf(busy);
    store.due(clock.instant()).stream()
        .filter(delivery -> !called.contains(delivery.webhook()))
        .forEach(delivery -> call(wanted, delivery));
  }

  private void follow(List<Webhook> wanted) {
    Map<BranchId, Branch> living =
        branches.get().stream().collect(Collectors.toMap(Branch::id, branch -> branch));
    for (Followed one : List.copyOf(followed.values())) {
      Branch now = living.get(one.branch().id());
      if (now == null || !isWanted(wanted, now)) {
        leave(one);
      } else {
        one.seen(now);
      }
    }
    if (remains) {
      store.keepOnly(living.keySet());
      remains = false;
    }
    living.values().stream()
        .filter(branch -> isWanted(wanted, branch) && !followed.containsKey(branch.id()))
        .forEach(branch -> followed.put(branch.id(), new Followed(branch, watches.follow(branch))));
  }

  private void leave(Followed one) {
    one.leave();
    followed.remove(one.branch().id());
    remains = true;
  }

  private static boolean isWanted(List<Webhook> wanted, Branch branch) {
    return wanted.stream().anyMatch(webhook -> webhook.isFor(branch.name()));
  }

  private void hear() {
    try {
      for (Followed one : List.copyOf(followed.values())) {
        if (!one.listen()) {
          leave(one);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server ends
    }
  }

  private void tell(Webhook webhook, Followed branch) {
    Optional<Set<Long>> told =
        branch.asOf().isEmpty() || branch.isKnownTo(webhook)
            ? Optional.empty()
            : store.told(webhook.id(), branch.branch().id());
    if (told.isEmpty()) {
      return;
    }
    Telling telling = Telling.of(told.get(), branch.verdicts());
    Instant now = clock.instant();
    telling
        .message(branch.branch().name(), branch.asOf().orElseThrow(), now)
        .ifPresentOrElse(
            body -> store.begin(delivery(webhook, branch, body, telling), now),
            () -> branch.knownTo(webhook));
  }

  private static Delivery delivery(Webhook webhook, Followed branch, String body, Telling telling) {
    return new Delivery(
        Telling.freshId(), webhook.id(), branch.branch().id(), body, telling.broken(), 0);
  }

  private void call(List<Webhook> wanted, Delivery delivery) {
    Optional<Webhook> to =
        wanted.stream().filter(webhook -> webhook.id().equals(delivery.webhook())).findFirst();
    if (to.isPresent() && busy.add(delivery.webhook())) {
      callers.execute(() -> {
        try {
          call(to.get(), delivery);
        } catch (RuntimeException e) {
          LOG.warn("Telling webhook {} failed, and will be tried again", delivery.webhook(), e);
        } finally {
          busy.remove(delivery.webhook());
        }
      });
    }
  }

  private void call(Webhook webhook, Delivery delivery) {
    Optional<WebhookSecret> secret = store.secret(webhook.id());
    try {
      Optional<String> failure =
          secret.isPresent()
              ? calls.send(webhook, secret.get(), delivery, clock.instant())
              : Optional.of("its secret can't be read any more: set it again");
      ended(delivery, failure);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server ends, and the next one tries again
    }
  }

  private void ended(Delivery delivery, Optional<String> failure) {
    Instant now = clock.instant();
    Optional<Instant> next = failure.flatMap(ignored -> delivery.next(now));
    Outcome outcome =
        failure.isEmpty()
            ? Outcome.DELIVERED
            : next.isPresent() ? Outcome.FAILED : Outcome.GIVEN_UP;
    store.ended(delivery, new Ended(outcome, now, failure.orElse("")), next);
    measured.accept(outcome);
    if (outcome == Outcome.GIVEN_UP) {
      LOG.warn(
          "Webhook {} was not told of branch {}: {}",
          delivery.webhook(),
          delivery.branch(),
          failure.orElse(""));
    }
  }

  /** Whoever is being called is called again by the next server. */
  @Override
  public void close() {
    callers.shutdownNow();
    calls.close();
  }
}
