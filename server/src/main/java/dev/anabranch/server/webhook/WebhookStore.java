package dev.anabranch.server.webhook;

import dev.anabranch.base.BranchId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where webhooks are kept, and what each has been told. */
public interface WebhookStore {

  /**
   * One that is kept.
   *
   * @param pending how many deliveries wait
   * @param last how the last attempt ended
   */
  record Kept(Webhook webhook, int pending, Optional<Delivery.Ended> last) {}

  /** All of them, by when they were set. */
  List<Kept> all();

  /** Keeps it, or gives the one of the same branch and address another secret. */
  Webhook set(Webhook webhook, WebhookSecret secret);

  /** Nothing more is told; empty when there is none. */
  Optional<Webhook> unset(String id);

  /** Empty when it is gone, or was sealed by a key that is gone. */
  Optional<WebhookSecret> secret(String id);

  /** The answers that do not hold, as was told; empty while something else is being told. */
  Optional<Set<Long>> told(String webhook, BranchId branch);

  /** Lets something be told from a moment on. */
  void begin(Delivery delivery, Instant due);

  /** What each is to be told by now: of each webhook one, the longest due. */
  List<Delivery> due(Instant now);

  /**
   * An attempt has ended.
   *
   * @param next when it is tried again; empty when it arrived or is given up
   */
  void ended(Delivery delivery, Delivery.Ended ended, Optional<Instant> next);

  /** Of other lives than these nothing is told any more. */
  void keepOnly(Set<BranchId> living);
}
