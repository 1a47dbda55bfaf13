package dev.anabranch.promote;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.promote.fact.DecisionAsked;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.promote.plan.TaskGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes what is said of a whole task for what it says of its facts.
 *
 * <p>A task that is dropped is a fact of its own, so that it is known who dropped it and why, and
 * can be opened again. Accepting a task accepts the answers that its own work rests on; an answer
 * that other tasks' work rests on as well is left for a person to look at alone.
 *
 * @param branch whose tasks they are
 * @param facts as they are now, by their ids; those of dropped tasks are added
 * @param groups the tasks with work that has not landed
 */
record TaskDeciding(BranchName branch, Map<String, Fact> facts, List<TaskGroup> groups) {

  /** Stands before a task's id where a fact's would. */
  static final String TASK = "task:";

  /** The same decisions, each of one fact. */
  List<DecisionAsked> ofFacts(List<DecisionAsked> asked) {
    Map<String, DecisionAsked> all = new LinkedHashMap<>();
    for (DecisionAsked one : asked) {
      if (one.fact().startsWith(TASK)) {
        ofTask(one).forEach(decision -> all.put(named(decision), decision));
      } else {
        all.put(named(one), one);
      }
    }
    return List.copyOf(all.values());
  }

  private static String named(DecisionAsked asked) {
    return asked.fact() + asked.column().map(column -> "." + column).orElse("");
  }

  private List<DecisionAsked> ofTask(DecisionAsked asked) {
    TaskGroup group = require(asked);
    if (asked.column().isPresent()) {
      throw invalid(asked, "a task has no columns, choose one of accept, drop, open");
    }
    return switch (asked.choice()) {
      case "drop" -> {
        if (group.units().isEmpty()) {
          throw invalid(asked, "none of its work is left to drop");
        }
        facts.put(asked.fact(), dropped(group));
        yield List.of(asked(asked.fact(), "drop"));
      }
      case "accept" -> accepted(asked, group);
      case "open" -> opened(asked, group);
      default -> throw invalid(asked, "choose one of accept, drop, open");
    };
  }

  private TaskGroup require(DecisionAsked asked) {
    String id = asked.fact().substring(TASK.length());
    TaskGroup group =
        groups.stream()
            .filter(known -> !id.isEmpty() && known.id().equals(id))
            .findFirst()
            .orElseThrow(() -> new AnabranchException(ErrorCode.TASK_UNKNOWN, branch, id, branch));
    boolean isAsSeen =
        asked
            .state()
            .filter(seen ->
                seen.length() < Deciding.LEAST_OF_STATE
                    || !TaskWork.state(group, facts.values()).startsWith(seen))
            .isEmpty();
    if (!isAsSeen) {
      throw new AnabranchException(ErrorCode.TASK_CHANGED, group.name(), branch);
    }
    return group;
  }

  private List<DecisionAsked> accepted(DecisionAsked asked, TaskGroup group) {
    List<DecisionAsked> decisions = new ArrayList<>();
    for (Fact fact : facts.values()) {
      Optional<Long> answer = fact.answer().filter(group.restsOn()::contains);
      if (answer.isEmpty()
          || !fact.isOpen()
          || !fact.choices().contains("accept")
          || !TaskWork.holds(fact, group)) {
        continue;
      }
      groups.stream()
          .filter(other ->
              !other.id().equals(group.id())
                  && other.restsOn().contains(answer.get())
                  && TaskWork.holds(fact, other))
          .findFirst()
          .ifPresent(other -> {
            throw invalid(
                asked,
                "answer "
                    + answer.get()
                    + " is also what the work of "
                    + (other.name().isEmpty() ? "nobody knows which task" : other.name())
                    + " rests on, so decide its fact "
                    + fact.id());
          });
      decisions.add(asked(fact.id(), "accept"));
    }
    if (decisions.isEmpty()) {
      throw invalid(asked, "no answer that its work rests on waits to be accepted");
    }
    return decisions;
  }

  private List<DecisionAsked> opened(DecisionAsked asked, TaskGroup group) {
    List<DecisionAsked> decisions = new ArrayList<>();
    for (Fact fact : facts.values()) {
      boolean ofTask =
          fact.id().equals(asked.fact())
              || fact.answer().filter(group.restsOn()::contains).isPresent();
      if (ofTask && !fact.isOpen()) {
        decisions.add(asked(fact.id(), "open"));
      }
    }
    if (decisions.isEmpty()) {
      throw invalid(asked, "nothing of it is decided");
    }
    return decisions;
  }

  private static DecisionAsked asked(String fact, String choice) {
    return new DecisionAsked(fact, Optional.empty(), Optional.empty(), choice, Map.of());
  }

  private static Fact dropped(TaskGroup group) {
    return new Fact(
        TASK + group.id(),
        Fact.Kind.TASK,
        Fact.Nature.MEANING,
        "",
        "task " + group.name() + " was dropped as a whole",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        group.units(),
        List.of(group.name()),
        List.of("drop"),
        Optional.empty());
  }

  private static AnabranchException invalid(DecisionAsked asked, String what) {
    return new AnabranchException(
        ErrorCode.CHOICE_INVALID, asked.fact() + "=" + asked.choice(), what);
  }
}
