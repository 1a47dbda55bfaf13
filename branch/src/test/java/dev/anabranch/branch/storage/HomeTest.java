package dev.anabranch.branch.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class HomeTest {

  @Test
  void socketsLieInTheDataDirectoryWhenItsPathIsShortEnough() {
    assertThat(Home.of(Path.of("/srv/anabranch")).sockets())
        .isEqualTo(Path.of("/srv/anabranch/run"));
  }

  @Test
  void socketsOfALongPathLieElsewhereAlwaysInTheSamePlace() {
    Path longPath = Path.of("/srv/" + "deep/".repeat(20) + "data");
    Path sockets = Home.of(longPath).sockets();
    assertThat(sockets).hasParentRaw(Path.of("/tmp")).isEqualTo(Home.of(longPath).sockets());
    assertThat(sockets).isNotEqualTo(Home.of(longPath.resolve("other")).sockets());
  }
}
