package dev.anabranch.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VisitTest {

  @Test
  void nobodyIsSentElsewhere() {
    for (String path : List.of("/", "/overview", "/branches/a/review?fact=1", "/receipts/r-1")) {
      assertThat(Visit.local(path)).isEqualTo(path);
    }
    for (String path :
        List.of(
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "evil",
            "",
            "/a\r\nSet-Cookie: b",
            "javascript:alert(1)")) {
      assertThat(Visit.local(path)).as(path).isEqualTo("/");
    }
  }

  @Test
  void whatNoHeaderTakesIsNoToken() {
    assertThat(Visit.couldBeToken("anab_0123456789_-_x")).isTrue();
    assertThat(Visit.couldBeToken("")).isFalse();
    assertThat(Visit.couldBeToken("a b")).isFalse();
    assertThat(Visit.couldBeToken("a\r\nb")).isFalse();
    assertThat(Visit.couldBeToken("ä")).isFalse();
  }
}
