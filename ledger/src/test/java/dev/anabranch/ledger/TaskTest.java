package dev.anabranch.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskTest {

  @Provide
  Arbitrary<Task> tasks() {
    Arbitrary<String> word = Arbitraries.strings().excludeChars(Task.BETWEEN);
    return Arbitraries.oneOf(
        Arbitraries.strings().map(Task.Named::new),
        Arbitraries.strings().withChars("0123456789abcdef").ofLength(32).map(Task.Traced::new),
        Combinators.combine(word, Arbitraries.strings(), word).as(Task.Work::new),
        Arbitraries.just(new Task.SessionAlone()));
  }

  @Property
  void itsTextIsReadBackAsIt(@ForAll("tasks") Task task) {
    assertThat(Task.parse(task.text())).isEqualTo(task);
  }

  @Property
  void aTextOfAnEarlierVersionIsAName(@ForAll String text) {
    Task parsed = Task.parse(text);
    if (!text.isEmpty() && text.indexOf(':') < 0) {
      assertThat(parsed).isEqualTo(new Task.Named(text));
    }
  }

  @Test
  void whatItsTextCouldNotHoldIsRefused() {
    assertThatThrownBy(() -> new Task.Work("a\tb", "", "")).hasMessageContaining("tab");
    assertThatThrownBy(() -> new Task.Traced("0AF7")).hasMessageContaining("0AF7");
  }

  @ParameterizedTest
  @CsvSource({
    "SELECT 3, ROWS",
    "FETCH 3, ROWS",
    "COPY TO 3, ROWS",
    "COPY 3, ROWS",
    "'', ROWS",
    "INSERT 0 1, EFFECT",
    "UPDATE 0, EFFECT",
    "MERGE 2, EFFECT",
    "COPY FROM 3, EFFECT",
    "DO, EFFECT",
    "CALL, EFFECT",
    "EXPLAIN, EFFECT",
    "ERROR 23505, REFUSAL"
  })
  void whatAnAnswerToldIsKnownFromItsTag(String tag, Told told) {
    assertThat(Told.by(tag)).isEqualTo(told);
  }
}
