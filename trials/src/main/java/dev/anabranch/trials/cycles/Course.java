package dev.anabranch.trials.cycles;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a branch and its main live through.
 *
 * @param order decides how statements of one round's programs follow each other
 * @param rounds in order
 */
record Course(long order, List<Stage> rounds) {

  /**
   * From one promotion to the next.
   *
   * @param programs what is done on the branch
   * @param moves what main does meanwhile
   * @param during what main does while the promotion runs
   */
  record Stage(List<Program> programs, List<Move> moves, List<Move> during) {
    Stage {
      programs = List.copyOf(programs);
      moves = List.copyOf(moves);
      during = List.copyOf(during);
    }
  }

  Course {
    rounds = List.copyOf(rounds);
  }

  /** As a person reads it. */
  String script() {
    StringBuilder script = new StringBuilder();
    for (Stage stage : rounds) {
      for (Program program : stage.programs()) {
        script.append(
            String.format(
                Locale.ROOT,
                "  -- %s (%s, %s)%n",
                program.task(),
                program.kind(),
                program.naming()));
        program
            .lines()
            .forEach(line ->
                script.append(
                    String.format(
                        Locale.ROOT,
                        "  B %s> %s%s%n",
                        program.session(line),
                        line.sql(),
                        line.parameters().isEmpty() ? "" : " " + line.parameters())));
      }
      stage.moves().forEach(move -> say(script, "M", move));
      stage.during().forEach(move -> say(script, "M during", move));
      script.append("  check, promote\n");
    }
    return script.toString();
  }

  private static void say(StringBuilder script, String who, Move move) {
    move.statements()
        .forEach(sql -> script.append("  ").append(who).append("> ").append(sql).append('\n'));
  }

  Course withRounds(List<Stage> fewer) {
    return new Course(order, fewer);
  }

  /** The same with another stage at a place. */
  Course with(int place, Stage stage) {
    List<Stage> changed = new ArrayList<>(rounds);
    changed.set(place, stage);
    return new Course(order, changed);
  }

  /** The same, told in another schema. */
  Course inSchema(String from, String to) {
    return new Course(
        order,
        rounds.stream()
            .map(stage ->
                new Stage(
                    stage.programs().stream()
                        .map(program ->
                            new Program(
                                program.number(),
                                program.kind(),
                                program.naming(),
                                program.lines().stream()
                                    .map(line -> line.saying(line.sql().replace(from, to)))
                                    .toList()))
                        .toList(),
                    moved(stage.moves(), from, to),
                    moved(stage.during(), from, to)))
            .toList());
  }

  private static List<Move> moved(List<Move> moves, String from, String to) {
    return moves.stream()
        .map(move ->
            new Move(
                move.kind(),
                move.schema(),
                move.statements().stream().map(sql -> sql.replace(from, to)).toList()))
        .toList();
  }
}
