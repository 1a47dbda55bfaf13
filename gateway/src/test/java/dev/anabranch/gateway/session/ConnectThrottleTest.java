package dev.anabranch.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** In which order sessions begin on their branches, and how many at a time. */
class ConnectThrottleTest {

  private static final int AT_ONCE = 2;

  private final ScheduledExecutorService loop =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private final ConnectThrottle throttle = new ConnectThrottle(AT_ONCE);
  private final List<String> begun = new ArrayList<>(); // on the loop

  @AfterEach
  void stop() {
    loop.shutdownNow();
  }

  private ConnectThrottle.Turn enter(String name) {
    return throttle.enter(loop, () -> begun.add(name));
  }

  private List<String> begun() throws Exception {
    return loop.submit(() -> List.copyOf(begun)).get(10, TimeUnit.SECONDS);
  }

  @Test
  void fewBeginAtATimeThoseThatCameFirstFirst() throws Exception {
    ConnectThrottle.Turn first = enter("first");
    ConnectThrottle.Turn second = enter("second");
    enter("third");
    enter("fourth");
    assertThat(begun()).containsExactly("first", "second");
    second.end();
    assertThat(begun()).containsExactly("first", "second", "third");
    second.end();
    assertThat(begun()).as("a turn ends once").hasSize(3);
    first.end();
    assertThat(begun()).containsExactly("first", "second", "third", "fourth");
  }

  @Test
  void oneThatLeavesTheQueueDoesNotBegin() throws Exception {
    ConnectThrottle.Turn first = enter("first");
    enter("second");
    ConnectThrottle.Turn third = enter("third");
    enter("fourth");
    third.end();
    first.end();
    assertThat(begun()).containsExactly("first", "second", "fourth");
  }

  @Test
  void thoseThatTakeLongDoNotHoldUpOthers() throws Exception {
    enter("slow");
    enter("slower");
    enter("next");
    while (!begun().contains("next")) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(begun()).containsExactly("slow", "slower", "next");
  }

  @Test
  void turnsThatEndedLeaveRoomForLaterOnes() throws Exception {
    for (int i = 0; i < 10; i++) {
      enter("done " + i).end();
    }
    enter("a");
    enter("b");
    enter("c");
    assertThat(begun()).endsWith("done 9", "a", "b");
  }
}
