package dev.anabranch.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tokens let in whom they should for as long as they should, and what is kept of them is no token.
 */
class TokensTest {

  private Instant now = Instant.parse("2026-11-20T10:00:00Z");
  private final MemoryTokens store = new MemoryTokens();
  private final Tokens tokens = new Tokens(store, () -> now);
  private final Access access =
      new Access(tokens, new LocalToken(), Optional.of("open sesame"), false);

  private Holder with(String text) {
    return access.holder(Optional.of("Bearer " + text));
  }

  private static ErrorCode code(Runnable asking) {
    try {
      asking.run();
    } catch (AnabranchException e) {
      return e.code();
    }
    throw new AssertionError("nothing was refused");
  }

  @Test
  void aTokenIsWhatItWasMadeFor() {
    Tokens.Issued issued = tokens.issue("ci", Set.of(Right.AUTHOR, Right.LAND), Optional.empty());
    Holder holder = with(issued.text());
    assertThat(holder.token()).isEqualTo(issued.token().id());
    assertThat(holder.may(Right.READ)).isTrue();
    assertThat(holder.may(Right.LAND)).isTrue();
    assertThat(holder.may(Right.ADMIN)).isFalse();
    assertThat(with("open sesame").may(Right.ADMIN)).isTrue();
    assertThat(with(access.local().text()).may(Right.ADMIN)).isTrue();
    assertThat(access.holder(Optional.of("bearer  " + issued.text())).token())
        .isEqualTo(issued.token().id());
  }

  @Test
  void eachRightCoversWhatItSays() {
    assertThat(
            List.of(Right.values()).stream()
                .map(right ->
                    List.of(Right.values()).stream().filter(right::covers).toList().toString()))
        .containsExactly("[READ]", "[READ, AUTHOR]", "[READ, LAND]", "[READ, AUTHOR, LAND, ADMIN]");
  }

  @Test
  void whatIsNoTokenIsRefused() {
    String good = tokens.issue("", Set.of(Right.READ), Optional.empty()).text();
    for (String bad :
        List.of(
            "",
            " ",
            "open sesam",
            good.substring(0, good.length() - 1),
            good + "x",
            good.substring(0, 15),
            good.substring(0, 16),
            "anab_" + good.substring(5).toUpperCase(java.util.Locale.ROOT),
            "anab_0000000000_" + good.substring(16),
            "é".repeat(40))) {
      assertThat(code(() -> with(bad))).as(bad).isEqualTo(ErrorCode.TOKEN_REFUSED);
    }
    for (String header : List.of("", good, "Basic " + good, "Bearer")) {
      assertThat(code(() -> access.holder(Optional.of(header))))
          .as(header)
          .isEqualTo(ErrorCode.UNAUTHORISED);
    }
    assertThat(code(() -> access.holder(Optional.empty()))).isEqualTo(ErrorCode.UNAUTHORISED);
  }

  @Test
  void itEndsWithItsTimeOrWhenItIsRevoked() {
    Tokens.Issued brief =
        tokens.issue("", Set.of(Right.READ), Optional.of(now.plus(Duration.ofHours(1))));
    Tokens.Issued lasting = tokens.issue("", Set.of(Right.READ), Optional.empty());
    now = now.plus(Duration.ofMinutes(59));
    assertThat(with(brief.text()).may(Right.READ)).isTrue();
    now = now.plus(Duration.ofMinutes(1));
    assertThatThrownBy(() -> with(brief.text()))
        .hasMessage(
            "The token is refused, because its time was over at 2026-11-20T11:00:00Z: ask an admin"
                + " for another (`anabranch token create`).");
    tokens.revoke(lasting.token().id());
    tokens.revoke(lasting.token().id());
    assertThatThrownBy(() -> with(lasting.text())).hasMessageContaining("it was revoked at");
    assertThat(tokens.list())
        .extracting(tokens::state)
        .containsExactlyInAnyOrder(ApiToken.State.EXPIRED, ApiToken.State.REVOKED);
    assertThat(code(() -> tokens.revoke("nothing"))).isEqualTo(ErrorCode.TOKEN_UNKNOWN);
    assertThat(
            code(() ->
                new Access(new Tokens(store, () -> now), new LocalToken(), Optional.empty(), false)
                    .holder(Optional.of("Bearer " + lasting.text()))))
        .as("after a restart")
        .isEqualTo(ErrorCode.TOKEN_REFUSED);
  }

  @Test
  void thereIsAnAdminsFromTheFirstStartOnAndOnlyThen() {
    String text = tokens.first().orElseThrow().text();
    assertThat(with(text).may(Right.ADMIN)).isTrue();
    assertThat(tokens.first()).isEmpty();
    assertThat(new Tokens(store, () -> now).first()).isEmpty();
  }

  @Test
  void nothingThatIsKeptOrShownIsTheToken() {
    Tokens.Issued issued = tokens.issue("ci", Set.of(Right.READ), Optional.empty());
    String secret = TokenText.parse(issued.text()).orElseThrow().secret();
    for (TokenStore.Kept kept : store.all()) {
      assertThat(kept.hash()).doesNotContain(secret).hasSize(64);
      assertThat(List.of(kept, kept.token(), issued, access, tokens, access.local()).toString())
          .doesNotContain(secret, access.local().text(), "sesame");
    }
  }

  @Test
  void theLocalTokenIsForItsUsersEyesWhateverWasThere(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("state/anabranch/local-token-6480");
    assertThat(LocalToken.ofUser(Map.of("XDG_STATE_HOME", directory + "/state"), 6480))
        .isEqualTo(file);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "for everybody");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    LocalToken local = new LocalToken();
    local.keepIn(file, "http://127.0.0.1:6480");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.readAllLines(file)).containsExactly("http://127.0.0.1:6480", local.text());
    LocalToken next = new LocalToken();
    next.keepIn(file, "http://127.0.0.1:6480");
    local.close();
    assertThat(Files.readAllLines(file)).as("another server's").contains(next.text());
    next.close();
    try (var left = Files.list(file.getParent())) {
      assertThat(left).isEmpty();
    }
  }
}
