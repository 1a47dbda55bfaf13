package dev.anabranch.trials.stacks;

import dev.anabranch.cluster.Trees;
import dev.anabranch.testkit.TemporaryPostgres;
import dev.anabranch.trials.drive.Options;
import dev.anabranch.trials.drive.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/**
 * {@code StacksRun [--only pg,django]}: every stack, or those named, against a server of its own.
 * Wants node with npm, Python and Ruby with Debian's packages of their drivers; a stack that can't
 * be run is a finding.
 */
public final class StacksRun {

  private StacksRun() {}

  public static void main(String[] arguments) throws IOException, SQLException {
    List<String> only = Arrays.asList(Options.of(arguments).text("only", "").split(","));
    List<Stack> stacks =
        Stack.ALL.stream()
            .filter(stack -> only.contains("") || only.contains(stack.name()))
            .toList();
    Path home = TemporaryPostgres.temporaryDirectory("anabranch-stacks-");
    int fine = 0;
    try (ServerProcess server = ServerProcess.start(home.resolve("data"))) {
      StackTrial trial = new StackTrial(server.product(), home);
      trial.prepare();
      if (stacks.stream().anyMatch(stack -> stack.language() == Stack.Language.NODE)) {
        System.out.print(trial.install());
      }
      for (Stack stack : stacks) {
        StackTrial.Outcome outcome = trial.judge(stack);
        fine += outcome.findings().isEmpty() ? 1 : 0;
        System.out.println((outcome.findings().isEmpty() ? "ok      " : "DEFECT  ") + stack.name());
        outcome.findings().forEach(finding -> System.out.println("        " + finding));
      }
    }
    System.out.println(fine + " of " + stacks.size() + " stacks as promised");
    Trees.delete(home);
    System.exit(fine == stacks.size() ? 0 : 1);
  }
}
