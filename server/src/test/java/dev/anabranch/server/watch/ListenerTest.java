package dev.anabranch.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.predicate.CheckReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What one who listens is told, and what when it does not listen for a while. */
class ListenerTest {

  private final Listener listener = new Listener(() -> true, false, gone -> {});

  @Test
  void theFirstNewsIsTheWhole() throws InterruptedException {
    tell(1);
    tell(2);
    assertThat(next()).contains(new News.Whole(report(1)));
    assertThat(next()).contains(flips(2));
    assertThat(next()).isEmpty();
  }

  @Test
  void whoIsTooSlowIsToldTheWholeAgain() throws InterruptedException {
    int all = Listener.CAPACITY + 3;
    for (int i = 1; i <= all; i++) {
      tell(i);
    }
    assertThat(next()).contains(new News.Whole(report(Listener.CAPACITY + 1)));
    assertThat(next()).contains(flips(Listener.CAPACITY + 2));
    assertThat(next()).contains(flips(Listener.CAPACITY + 3));
    assertThat(next()).isEmpty();
  }

  @Test
  void theSameFailureIsToldOnce() throws InterruptedException {
    News.Failed failed = new News.Failed(new AnabranchException(ErrorCode.MAIN_RELEASED));
    listener.tell(failed);
    listener.tell(new News.Failed(new AnabranchException(ErrorCode.MAIN_RELEASED)));
    assertThat(next()).contains(failed);
    assertThat(next()).isEmpty();
    tell(1);
    listener.tell(failed);
    assertThat(next()).contains(new News.Whole(report(1)));
    assertThat(next()).contains(failed);
  }

  @Test
  void nothingIsToldAfterItIsClosed() throws InterruptedException {
    tell(1);
    listener.close();
    assertThat(listener.next(Duration.ofDays(1))).contains(new News.Silence());
  }

  private Optional<News> next() throws InterruptedException {
    return listener.next(Duration.ZERO);
  }

  private void tell(int position) {
    listener.tell(flips(position), report(position));
  }

  private static News.Flips flips(int position) {
    return new News.Flips(List.of(), new Lsn(position), report(position).counts());
  }

  private static CheckReport report(int position) {
    return new CheckReport(Lsn.ZERO, new Lsn(position), List.of(), 0);
  }
}
