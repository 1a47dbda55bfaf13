package dev.anabranch.trials.sizes;

import dev.anabranch.cluster.Trees;
import dev.anabranch.trials.drive.Options;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code SizesRun --megabytes 1024 --heap 256 --connections 1000}. Ends with status 1 when anything
 * was wrong.
 */
public final class SizesRun {

  private SizesRun() {}

  public static void main(String[] arguments) throws Exception {
    Options options = Options.of(arguments);
    Path data = options.directory("home", "anabranch-sizes-");
    SizesTrial.Size size =
        new SizesTrial.Size(
            (int) options.number("megabytes", 1024),
            (int) options.number("heap", 256),
            (int) options.number("connections", 1000));
    List<String> findings = new SizesTrial(size, System.out).run(data);
    System.out.println(findings.size() + " findings");
    findings.forEach(System.out::println);
    if (findings.isEmpty()) {
      Trees.delete(data);
    }
    System.exit(findings.isEmpty() ? 0 : 1);
  }
}
