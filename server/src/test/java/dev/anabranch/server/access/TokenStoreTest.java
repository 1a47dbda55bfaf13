package dev.anabranch.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.anabranch.testkit.ControlDatabase;
import dev.anabranch.testkit.TemporaryPostgres;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The control database and the fake keep tokens alike. */
@Tag("postgres")
class TokenStoreTest {

  private static final Instant THEN = Instant.parse("2026-11-20T10:00:00Z");

  @Test
  void theFakeKeepsThem() {
    keeps(new MemoryTokens());
  }

  @Test
  void theControlDatabaseKeepsThem() {
    try (TemporaryPostgres postgres = TemporaryPostgres.start(Map.of());
        HikariDataSource control = ControlDatabase.fresh(postgres)) {
      TokenStore store = new ControlTokens(control);
      keeps(store);
      assertThat(new ControlTokens(control).all()).hasSize(2);
    }
  }

  private static void keeps(TokenStore store) {
    assertThat(store.all()).isEmpty();
    ApiToken first =
        new ApiToken(
            "00000000aa",
            "a, 'b'",
            Set.of(Right.AUTHOR, Right.LAND),
            THEN,
            Optional.of(THEN.plusSeconds(60)),
            Optional.empty());
    ApiToken second =
        new ApiToken(
            "00000000bb",
            "",
            Set.of(Right.ADMIN),
            THEN.plusSeconds(1),
            Optional.empty(),
            Optional.empty());
    store.add(new TokenStore.Kept(first, TokenText.hash("one")));
    store.add(new TokenStore.Kept(second, TokenText.hash("two")));
    assertThat(store.all()).extracting(TokenStore.Kept::token).containsExactly(second, first);
    assertThat(store.all().getLast().hash()).isEqualTo(TokenText.hash("one"));
    store.revoke("00000000aa", THEN.plusSeconds(5));
    store.revoke("00000000aa", THEN.plusSeconds(6));
    store.revoke("none", THEN);
    assertThat(store.all().getLast().token().revokedAt()).contains(THEN.plusSeconds(5));
    assertThat(store.all().getFirst().token()).isEqualTo(second);
  }
}
