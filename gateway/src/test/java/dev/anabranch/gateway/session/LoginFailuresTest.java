package dev.anabranch.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How much later each failed login in a row is told. */
class LoginFailuresTest {

  private static final String HERE = "192.0.2.1";

  private final LoginFailures failures = new LoginFailures();

  @Test
  void eachFailureInARowIsToldLaterUpToALimit() {
    assertThat(failures.failed(HERE)).isEqualTo(Duration.ofMillis(100));
    assertThat(failures.failed(HERE)).isEqualTo(Duration.ofMillis(200));
    for (int i = 0; i < 100; i++) {
      failures.failed(HERE);
    }
    assertThat(failures.failed(HERE)).isEqualTo(Duration.ofMillis(6400));
    assertThat(failures.failed("192.0.2.2")).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void aLoginThatIsRightEndsTheRow() {
    failures.failed(HERE);
    failures.failed(HERE);
    failures.succeeded(HERE);
    assertThat(failures.failed(HERE)).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void notAllTheWorldIsRemembered() {
    failures.failed(HERE);
    for (int i = 0; i < LoginFailures.REMEMBERED; i++) {
      failures.failed("host" + i);
    }
    assertThat(failures.failed(HERE)).isEqualTo(Duration.ofMillis(100));
  }
}
