package dev.anabranch.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.branch.storage.DataLayout;
import dev.anabranch.branch.storage.PasswordCipher;
import dev.anabranch.server.webhook.Delivery.Ended;
import dev.anabranch.server.webhook.Delivery.Outcome;
import dev.anabranch.testkit.ControlDatabase;
import dev.anabranch.testkit.TemporaryPostgres;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The control database and the fake keep webhooks, and what they were told, alike. */
@Tag("postgres")
class WebhookStoreTest {

  private static final Instant THEN = Instant.parse("2026-11-20T10:00:00Z");
  private static final BranchId ALICE = new BranchId(7);
  private static final Webhook ALL =
      new Webhook(
          "00000000aa", Optional.empty(), URI.create("http://localhost/all"), "ann, 'a'", THEN);
  private static final Webhook ONE =
      new Webhook(
          "00000000bb",
          Optional.of(new BranchName("alice")),
          URI.create("http://localhost/all"),
          "bob",
          THEN.plusSeconds(1));

  @Test
  void theFakeKeepsThem() {
    keeps(new MemoryWebhooks());
  }

  @Test
  void theControlDatabaseKeepsThem(@TempDir Path home) {
    try (TemporaryPostgres postgres = TemporaryPostgres.start(Map.of());
        HikariDataSource control = ControlDatabase.fresh(postgres)) {
      PasswordCipher seal = PasswordCipher.in(DataLayout.of(home));
      keeps(new ControlWebhooks(control, seal));
      assertThat(new ControlWebhooks(control, seal).told("00000000aa", ALICE))
          .as("what another server of this database knows")
          .contains(Set.of(3L));
    }
  }

  private static void keeps(WebhookStore store) {
    assertThat(store.all()).isEmpty();
    WebhookSecret secret = new WebhookSecret("whsec_AAAA");
    assertThat(store.set(ALL, secret)).isEqualTo(ALL);
    store.set(ONE, secret);
    assertThat(store.all()).extracting(WebhookStore.Kept::webhook).containsExactly(ALL, ONE);
    WebhookSecret other = new WebhookSecret("whsec_BBBB");
    Webhook again = new Webhook("00000000cc", ALL.branch(), ALL.url(), ALL.who(), ALL.setAt());
    assertThat(store.set(again, other)).as("set again").isEqualTo(ALL);
    assertThat(store.secret("00000000aa")).contains(other);
    assertThat(store.secret("none")).isEmpty();
    delivers(store);
    assertThat(store.unset("00000000bb")).contains(ONE);
    assertThat(store.unset("00000000bb")).isEmpty();
    assertThat(store.told("00000000bb", ALICE)).isEmpty();
    store.keepOnly(Set.of(ALICE));
    assertThat(store.told("00000000aa", ALICE)).contains(Set.of(3L));
  }

  private static void delivers(WebhookStore store) {
    assertThat(store.told("00000000aa", ALICE)).contains(Set.of());
    Delivery first = new Delivery("msg_1", "00000000aa", ALICE, "{\"ä\":1}", Set.of(3L, 4L), 0);
    store.begin(first, THEN);
    assertThat(store.told("00000000aa", ALICE)).as("while it is being told").isEmpty();
    assertThat(store.told("00000000aa", new BranchId(8))).contains(Set.of());
    assertThat(store.due(THEN.minusMillis(1))).isEmpty();
    assertThat(store.due(THEN)).containsExactly(first);
    assertThat(store.all().getFirst().pending()).isEqualTo(1);

    Ended failed = new Ended(Outcome.FAILED, THEN, "it said 500");
    store.ended(first, failed, Optional.of(THEN.plusSeconds(5)));
    assertThat(store.due(THEN)).isEmpty();
    assertThat(store.due(THEN.plusSeconds(5)))
        .containsExactly(
            new Delivery("msg_1", "00000000aa", ALICE, "{\"ä\":1}", Set.of(3L, 4L), 1));
    assertThat(store.all().getFirst().last()).contains(failed);

    store.ended(first, new Ended(Outcome.DELIVERED, THEN, ""), Optional.empty());
    assertThat(store.due(THEN.plusSeconds(9))).isEmpty();
    assertThat(store.told("00000000aa", ALICE)).contains(Set.of(3L, 4L));
    Delivery second = new Delivery("msg_2", "00000000aa", ALICE, "{}", Set.of(3L), 0);
    store.begin(second, THEN);
    store.ended(second, new Ended(Outcome.GIVEN_UP, THEN, "gone"), Optional.empty());
    assertThat(store.told("00000000aa", ALICE)).contains(Set.of(3L));
    assertThat(store.all().getFirst().pending()).isZero();
  }
}
