package dev.anabranch.server.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.promote.AtStake;
import dev.anabranch.promote.UnitSeen;
import dev.anabranch.promote.UnitSeen.State;
import dev.anabranch.promote.UnitsSeen;
import dev.anabranch.promote.UnitsWanted;
import dev.anabranch.server.http.ApiJson.JudgedView;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A branch's units as JSON, and which of them are asked for. */
final class UnitJson {

  static final int MOST = 1_000;
  private static final int USUAL = 100;

  private UnitJson() {}

  static List<String> states() {
    return Arrays.stream(State.values()).map(UnitJson::word).toList();
  }

  static String word(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  /** Reads {@code ?limit=&cursor=&state=}. */
  static UnitsWanted wanted(Context context) {
    PageRequest page = PageRequest.ofAnswers(context);
    Optional<State> state =
        Optional.ofNullable(context.queryParam("state")).map(UnitJson::requireState);
    return new UnitsWanted(page.after(), Math.min(MOST, page.limit().orElse(USUAL)), state);
  }

  private static State requireState(String word) {
    return Arrays.stream(State.values())
        .filter(state -> word(state).equals(word))
        .findFirst()
        .orElseThrow(() ->
            new AnabranchException(
                ErrorCode.REQUEST_INVALID,
                "'" + word + "' is no state: say landed, landing, held, dropped or undone."));
  }

  /** A page of them. */
  record UnitsView(
      String branch,
      String asOf,
      Map<String, Integer> counts,
      List<UnitView> units,
      List<JudgedView> answers,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String nextCursor) {

    static UnitsView of(UnitsSeen seen) {
      Map<String, Integer> counts = new LinkedHashMap<>();
      for (State state : State.values()) {
        counts.put(word(state), seen.counts().getOrDefault(state, 0));
      }
      return new UnitsView(
          seen.branch().value(),
          seen.asOf().toString(),
          counts,
          seen.units().stream().map(UnitView::of).toList(),
          seen.answers().stream().map(JudgedView::of).toList(),
          seen.next().map(Object::toString).orElse(null));
    }
  }

  /** A unit. */
  record UnitView(
      long id,
      Instant committedAt,
      String state,
      String taskId,
      String task,
      List<Long> statements,
      List<Long> restsOn,
      List<String> facts,
      List<UnitSeen.RowCount> rows,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String undoneBy) {

    static UnitView of(UnitSeen unit) {
      return new UnitView(
          unit.id(),
          unit.committedAt(),
          word(unit.state()),
          unit.taskId(),
          unit.task(),
          unit.statements(),
          unit.restsOn(),
          unit.facts(),
          unit.rows(),
          unit.undoneBy().orElse(null));
    }
  }

  /** What of a branch would be lost with it. */
  record WorkView(String branch, String work, int left, int onMain, int undone, int dropped) {
    static WorkView of(AtStake stake) {
      return new WorkView(
          stake.branch().value(),
          stake.work(),
          stake.left(),
          stake.onMain(),
          stake.undone(),
          stake.dropped());
    }
  }
}
