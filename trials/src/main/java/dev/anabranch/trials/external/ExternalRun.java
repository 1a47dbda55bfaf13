package dev.anabranch.trials.external;

import dev.anabranch.cluster.Trees;
import dev.anabranch.testkit.TemporaryPostgres;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Options;
import dev.anabranch.trials.drive.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * {@code ExternalRun --main postgresql://user:password@host:5432/database}: the journey against a
 * main of yours. It makes and removes the schema {@code journey} there, and leaves the feed's and
 * the mirror's slots to be dropped.
 */
public final class ExternalRun {

  private ExternalRun() {}

  public static void main(String[] arguments) throws IOException, SQLException {
    String url = Options.of(arguments).text("main", "");
    if (url.isEmpty()) {
      throw new IllegalArgumentException(
          "Say which main: --main postgresql://user:password@host:5432/database");
    }
    Path home = TemporaryPostgres.temporaryDirectory("anabranch-external-");
    List<String> findings;
    try (ServerProcess server =
        ServerProcess.start(home.resolve("data"), Optional.of(url), List.of())) {
      findings = new Journey(server.product(), Address.parse(url), "journey").travel();
    }
    findings.forEach(System.out::println);
    System.out.println(
        findings.isEmpty() ? "everything went as promised" : findings.size() + " findings");
    Trees.delete(home);
    System.exit(findings.isEmpty() ? 0 : 1);
  }
}
