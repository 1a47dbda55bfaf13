package dev.anabranch.server.webhook;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** The webhooks that are set. Those of one server are few, and are known without asking. */
public final class Webhooks {

  /** Each is asked to take everything of every branch that it is for. */
  static final int MOST = 20;

  private static final int ID_BYTES = 5;

  /**
   * A webhook that was set, with what nobody is told again.
   *
   * @param secret what its deliveries are signed with
   */
  public record Issued(Webhook webhook, WebhookSecret secret) {}

  private final WebhookStore store;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final ReentrantLock setting = new ReentrantLock();
  private volatile List<Webhook> known; // written under the lock, read by whoever tells

  public Webhooks(WebhookStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
    this.known = kept();
  }

  private List<Webhook> kept() {
    return store.all().stream().map(WebhookStore.Kept::webhook).toList();
  }

  /** Without asking the control database. */
  List<Webhook> known() {
    return known;
  }

  /** Those there are, and how their deliveries go. */
  public List<WebhookStore.Kept> all() {
    return store.all();
  }

  /**
   * Has an address told from now on; one that was set is signed with another secret from now on.
   *
   * @param branch whose answers; empty for those of every branch
   * @throws AnabranchException WEBHOOK_LIMIT
   */
  public Issued set(Optional<BranchName> branch, URI url, String who) {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    Webhook webhook = new Webhook(HexFormat.of().formatHex(id), branch, url, who, clock.instant());
    WebhookSecret secret = WebhookSecret.fresh(random);
    setting.lock();
    try {
      boolean there =
          known.stream().anyMatch(one -> one.branch().equals(branch) && one.url().equals(url));
      if (!there && known.size() >= MOST) {
        throw new AnabranchException(ErrorCode.WEBHOOK_LIMIT, MOST);
      }
      Webhook kept = store.set(webhook, secret);
      known = kept();
      return new Issued(kept, secret);
    } finally {
      setting.unlock();
    }
  }

  /**
   * @throws AnabranchException WEBHOOK_UNKNOWN
   */
  public Webhook unset(String id) {
    setting.lock();
    try {
      Webhook gone =
          store.unset(id).orElseThrow(() -> new AnabranchException(ErrorCode.WEBHOOK_UNKNOWN, id));
      known = kept();
      return gone;
    } finally {
      setting.unlock();
    }
  }
}
