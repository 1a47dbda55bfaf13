package dev.anabranch.server.webhook;

import dev.anabranch.base.BranchId;
import dev.anabranch.server.webhook.Delivery.Ended;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Webhooks in memory. */
public final class MemoryWebhooks implements WebhookStore {

  private record Place(String webhook, BranchId branch) {}

  private record Waiting(Delivery delivery, Instant due) {}

  private final Map<String, Webhook> webhooks = new LinkedHashMap<>();
  private final Map<String, WebhookSecret> secrets = new HashMap<>();
  private final Map<String, Ended> lasts = new HashMap<>();
  private final Map<Place, Set<Long>> told = new HashMap<>();
  private final Map<Place, Waiting> waiting = new HashMap<>();

  @Override
  public synchronized List<Kept> all() {
    return webhooks.values().stream()
        .sorted(Comparator.comparing(Webhook::setAt).thenComparing(Webhook::id))
        .map(webhook ->
            new Kept(
                webhook,
                (int)
                    waiting.keySet().stream()
                        .filter(place -> place.webhook().equals(webhook.id()))
                        .count(),
                Optional.ofNullable(lasts.get(webhook.id()))))
        .toList();
  }

  @Override
  public synchronized Webhook set(Webhook webhook, WebhookSecret secret) {
    String id =
        webhooks.values().stream()
            .filter(one -> one.branch().equals(webhook.branch()) && one.url().equals(webhook.url()))
            .map(Webhook::id)
            .findFirst()
            .orElse(webhook.id());
    Webhook kept = new Webhook(id, webhook.branch(), webhook.url(), webhook.who(), webhook.setAt());
    webhooks.put(id, kept);
    secrets.put(id, secret);
    return kept;
  }

  @Override
  public synchronized Optional<Webhook> unset(String id) {
    told.keySet().removeIf(place -> place.webhook().equals(id));
    waiting.keySet().removeIf(place -> place.webhook().equals(id));
    secrets.remove(id);
    return Optional.ofNullable(webhooks.remove(id));
  }

  @Override
  public synchronized Optional<WebhookSecret> secret(String id) {
    return Optional.ofNullable(secrets.get(id));
  }

  @Override
  public synchronized Optional<Set<Long>> told(String webhook, BranchId branch) {
    Place place = new Place(webhook, branch);
    return !webhooks.containsKey(webhook) || waiting.containsKey(place)
        ? Optional.empty()
        : Optional.of(new HashSet<>(told.getOrDefault(place, Set.of())));
  }

  @Override
  public synchronized void begin(Delivery delivery, Instant due) {
    if (webhooks.containsKey(delivery.webhook())) {
      waiting.putIfAbsent(place(delivery), new Waiting(delivery, due));
    }
  }

  private static Place place(Delivery delivery) {
    return new Place(delivery.webhook(), delivery.branch());
  }

  @Override
  public synchronized List<Delivery> due(Instant now) {
    Map<String, Waiting> first = new HashMap<>();
    waiting.values().stream()
        .filter(one -> !one.due().isAfter(now))
        .sorted(
            Comparator.comparing(Waiting::due)
                .thenComparingLong(one -> one.delivery().branch().value()))
        .forEach(one -> first.putIfAbsent(one.delivery().webhook(), one));
    return new ArrayList<>(first.values().stream().map(Waiting::delivery).toList());
  }

  @Override
  public synchronized void ended(Delivery delivery, Ended ended, Optional<Instant> next) {
    Place place = place(delivery);
    Waiting one = waiting.get(place);
    if (one != null && one.delivery().id().equals(delivery.id())) {
      if (next.isPresent()) {
        Delivery again =
            new Delivery(
                delivery.id(),
                delivery.webhook(),
                delivery.branch(),
                delivery.body(),
                delivery.becomes(),
                one.delivery().attempts() + 1);
        waiting.put(place, new Waiting(again, next.get()));
      } else {
        waiting.remove(place);
        told.put(place, delivery.becomes());
      }
    }
    if (webhooks.containsKey(delivery.webhook())) {
      lasts.put(delivery.webhook(), ended);
    }
  }

  @Override
  public synchronized void keepOnly(Set<BranchId> living) {
    told.keySet().removeIf(place -> !living.contains(place.branch()));
    waiting.keySet().removeIf(place -> !living.contains(place.branch()));
  }
}
