package dev.anabranch.trials.sizes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.cluster.Trees;
import dev.anabranch.testkit.TemporaryPostgres;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Small sizes, and a heap that is smaller; {@link SizesRun} does a gigabyte. */
@Tag("postgres")
class SizesTest {

  @Test
  void whatIsLargerThanTheServersMemoryPassesThroughIt() throws Exception {
    Path home = TemporaryPostgres.temporaryDirectory("anabranch-sizes-");
    SizesTrial.Size size = new SizesTrial.Size(160, 96, 60);
    assertThat(new SizesTrial(size, System.out).run(home.resolve("data"))).isEmpty();
    Trees.delete(home);
  }
}
