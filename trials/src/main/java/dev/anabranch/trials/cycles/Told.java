package dev.anabranch.trials.cycles;

import dev.anabranch.trials.drive.Rows;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a statement told its client. */
sealed interface Told {

  /** Rows, in the order they came. */
  record Got(Rows rows) implements Told {}

  /** How many rows were written. */
  record Wrote(long count) implements Told {}

  /** An error, by its SQLSTATE. */
  record Refused(String state, String message) implements Told {}

  /** The first cell of a result, if there is one. */
  default Optional<String> firstCell() {
    if (this instanceof Got(Rows rows) && !rows.rows().isEmpty()) {
      List<@Nullable String> first = rows.rows().getFirst();
      return first.isEmpty() ? Optional.empty() : Optional.ofNullable(first.getFirst());
    }
    return Optional.empty();
  }

  /** Whether a client would say that something came of it. */
  default boolean something() {
    return switch (this) {
      case Got(Rows rows) -> !rows.rows().isEmpty();
      case Wrote(long count) -> count > 0;
      case Refused ignored -> false;
    };
  }

  default boolean allows(Line.When when) {
    return switch (when) {
      case ALWAYS -> true;
      case NOTHING_WRITTEN -> !something() && !(this instanceof Refused);
      case SOMETHING_WRITTEN -> something();
      case REFUSED -> this instanceof Refused;
      case NOT_REFUSED -> !(this instanceof Refused);
    };
  }

  default String inWords() {
    return switch (this) {
      case Got(Rows rows) -> "(" + rows.inWords() + ")";
      case Wrote(long count) -> "wrote " + count;
      case Refused(String state, String message) ->
          "ERROR " + state + " " + message.lines().findFirst().orElse("");
    };
  }
}
