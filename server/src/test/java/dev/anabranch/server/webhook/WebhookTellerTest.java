package dev.anabranch.server.webhook;

import static dev.anabranch.server.watch.WatchedClock.NAME;
import static dev.anabranch.server.watch.WatchedClock.START;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.anabranch.branch.Branch;
import dev.anabranch.server.watch.WatchedClock;
import dev.anabranch.server.watch.Watches;
import dev.anabranch.server.webhook.Delivery.Outcome;
import dev.anabranch.testkit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is told, how often, and what of a receiver that is not there. */
class WebhookTellerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What came to the receiver. */
  private record Came(String id, String timestamp, String signature, String body) {}

  private final WatchedClock branch = new WatchedClock(START);
  private final MemoryWebhooks store = new MemoryWebhooks();
  private final Webhooks webhooks = new Webhooks(store, branch);
  private final Watches watches = new Watches(branch, branch);
  private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
  private final List<Came> came = new CopyOnWriteArrayList<>();
  private volatile int says = 200;
  private volatile List<Branch> living = List.of(branch.get(NAME));
  private final HttpServer receiver;
  private final WebhookTeller teller =
      new WebhookTeller(webhooks, store, watches, () -> living, branch, outcomes::add);

  WebhookTellerTest() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          var headers = exchange.getRequestHeaders();
          came.add(
              new Came(
                  headers.getFirst("webhook-id"),
                  headers.getFirst("webhook-timestamp"),
                  headers.getFirst("webhook-signature"),
                  new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
          exchange.getResponseHeaders().add("Location", "/elsewhere");
          exchange.sendResponseHeaders(says, -1);
          exchange.close();
        });
    receiver.start();
  }

  @AfterEach
  void stop() {
    teller.close();
    watches.close();
    receiver.stop(0);
  }

  private Webhooks.Issued set() {
    return webhooks.set(
        Optional.empty(),
        Webhook.url("http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook"),
        "ann");
  }

  private void turnUntil(BooleanSupplier done) {
    Await.until(
        "it has been told",
        () -> {
          teller.turn();
          return done.getAsBoolean();
        },
        PATIENCE);
  }

  @Test
  void anAnswerThatDoesNotHoldIsToldOnceAndSigned() {
    Webhooks.Issued issued = set();
    turnUntil(() -> outcomes.contains(Outcome.DELIVERED));
    Came told = came.getFirst();
    assertThat(told.body()).contains("\"branch\":\"clock\"", "\"holds\":false");
    assertThat(told.signature())
        .isEqualTo(
            issued
                .secret()
                .signature(
                    told.id(),
                    Instant.ofEpochSecond(Long.parseLong(told.timestamp())),
                    told.body().getBytes(StandardCharsets.UTF_8)));
    teller.turn();
    teller.turn();
    assertThat(came).hasSize(1);
    assertThat(store.told(issued.webhook().id(), branch.get(NAME).id())).contains(Set.of(1L));

    branch.set(START.minusSeconds(60));
    branch.move();
    turnUntil(() -> came.size() == 2);
    assertThat(came.getLast().body()).contains("\"holds\":true");
  }

  @Test
  void aReceiverThatIsAwayIsToldTheSameWhenItIsBack() {
    String id = set().webhook().id();
    says = 302;
    turnUntil(() -> outcomes.contains(Outcome.FAILED));
    assertThat(webhooks.all().getFirst().last().orElseThrow().why()).isEqualTo("it said 302");
    teller.turn();
    assertThat(came).as("nobody is led elsewhere, and it is too soon to try again").hasSize(1);

    says = 204;
    branch.set(START.plusSeconds(5));
    turnUntil(() -> outcomes.contains(Outcome.DELIVERED));
    assertThat(came).hasSize(2);
    assertThat(came.getLast().id()).isEqualTo(came.getFirst().id());
    assertThat(came.getLast().body()).isEqualTo(came.getFirst().body());
    assertThat(came.getLast().signature()).isNotEqualTo(came.getFirst().signature());
    assertThat(store.told(id, branch.get(NAME).id())).contains(Set.of(1L));
  }

  @Test
  void theNextServerGoesOnWithWhatWaits() {
    set();
    says = 503;
    turnUntil(() -> outcomes.contains(Outcome.FAILED));
    teller.close();

    says = 200;
    branch.set(START.plusSeconds(5));
    try (WebhookTeller next =
        new WebhookTeller(
            new Webhooks(store, branch), store, watches, () -> living, branch, outcomes::add)) {
      Await.until(
          "the next one has told it",
          () -> {
            next.turn();
            return outcomes.contains(Outcome.DELIVERED);
          },
          PATIENCE);
    }
    assertThat(came).hasSize(2);
    assertThat(came.getLast().id()).isEqualTo(came.getFirst().id());
  }

  @Test
  void aReceiverThatStaysAwayIsGivenUp() {
    set();
    says = 500;
    Instant now = START;
    for (int attempt = 1; attempt <= 8; attempt++) {
      int so = attempt;
      turnUntil(() -> outcomes.size() == so);
      now = now.plus(Duration.ofDays(1));
      branch.set(now);
    }
    assertThat(outcomes).startsWith(Outcome.FAILED).endsWith(Outcome.GIVEN_UP).hasSize(8);
    assertThat(webhooks.all().getFirst().pending()).isZero();
  }

  @Test
  void nobodyIsFollowedWhenNobodyIsToBeTold() {
    String id = set().webhook().id();
    turnUntil(() -> !came.isEmpty());
    assertThat(watches.branches()).isEqualTo(1);
    assertThat(watches.listeners()).as("streams").isZero();
    webhooks.unset(id);
    teller.turn();
    assertThat(watches.branches()).isZero();
  }

  @Test
  void aBranchThatIsGoneIsForgotten() {
    String id = set().webhook().id();
    turnUntil(() -> outcomes.contains(Outcome.DELIVERED));
    living = List.of();
    teller.turn();
    assertThat(watches.branches()).isZero();
    assertThat(store.told(id, branch.get(NAME).id())).contains(Set.of());
  }
}
