package dev.anabranch.branch.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DataLayoutTest {

  @Test
  void socketsLieInTheDataDirectoryWhenItsPathIsShortEnough() {
    assertThat(DataLayout.of(Path.of("/srv/anabranch")).sockets())
        .isEqualTo(Path.of("/srv/anabranch/run"));
  }

  @Test
  void socketsOfALongPathLieElsewhereAlwaysInTheSamePlace() {
    Path longPath = Path.of("/srv/" + "deep/".repeat(20) + "data");
    Path sockets = DataLayout.of(longPath).sockets();
    assertThat(sockets).hasParentRaw(Path.of("/tmp")).isEqualTo(DataLayout.of(longPath).sockets());
    assertThat(sockets).isNotEqualTo(DataLayout.of(longPath.resolve("other")).sockets());
  }
}
