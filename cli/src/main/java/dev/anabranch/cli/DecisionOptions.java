package dev.anabranch.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that say what becomes of facts, alike for all commands that land or carry work. */
final class DecisionOptions {

  @Option(
      names = "--accept",
      paramLabel = "ANSWER_ID",
      arity = "1..*",
      description = "Let work rest on these answers although they changed or are undecided.")
  private List<Long> accept = new ArrayList<>();

  @Option(
      names = "--decide",
      paramLabel = "FACT=CHOICE",
      arity = "1..*",
      description = {
        "Say what becomes of a fact, from now on: accept (an answer's change is fine), drop (its"
            + " units never land), branch or main (whose row it is to be), value (cells by hand,"
            + " FACT=value:{\"qty\":\"7\"}), rerun (land what its transaction would write now),"
            + " open (decide it no more). FACT.COLUMN=… decides one cell. task:TASK=drop and"
            + " =accept decide all of a task. `anabranch facts` shows facts and tasks with their"
            + " choices."
      })
  private List<String> decide = new ArrayList<>();

  @Option(names = "--why", paramLabel = "TEXT", description = "Why it is decided so; kept.")
  private Optional<String> why = Optional.empty();

  /** As a request's body has them. */
  void putInto(Map<String, Object> body) {
    body.put("accept", accept);
    if (!decide.isEmpty()) {
      body.put("decide", decide.stream().map(Decide::read).toList());
      body.put("who", System.getProperty("user.name", ""));
    }
    why.ifPresent(words -> body.put("why", words));
  }
}
