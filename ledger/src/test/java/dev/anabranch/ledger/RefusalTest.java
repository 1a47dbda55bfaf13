package dev.anabranch.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalTest {

  private static final String FUNCTION = "PL/pgSQL function f() line 1 at SQL statement";

  @ParameterizedTest
  @CsvSource({
    "23505, '', true, true",
    "22012, '', true, true",
    "P0002, '', true, true",
    "42501, '', true, true",
    "55000, '', true, true",
    "54001, '', true, true",
    "BK001, '', true, true",
    "42601, '', true, false",
    "42P01, '', true, false",
    "0A000, '', true, false",
    "25P02, '', true, false",
    "26000, '', true, false",
    "40001, '', true, false",
    "40P01, F, true, false",
    "55P03, F, true, false",
    "57014, F, true, false",
    "42703, F, true, true",
    "42501, F, true, true",
    "23505, '', false, true",
    "42501, '', false, false",
    "55006, '', false, false",
    "42601, F, false, false",
    "42501, F, false, true"
  })
  void whatRowsOrRightsMayHaveDecidedIsAnAnswer(
      String sqlState, String context, boolean ofData, boolean answer) {
    assertThat(Refusal.isAnswer(sqlState, words("", context.replace("F", FUNCTION), ""), ofData))
        .isEqualTo(answer);
  }

  @ParameterizedTest
  @CsvSource({"BK001", "PT409", "40001", "42601", "57014", "55P03", "0A000"})
  void whatTheUserRaisedIsAnAnswerWhateverItsState(String sqlState) {
    Refusal.Words raised = words("none left\nof it", FUNCTION, "exec_stmt_raise");
    assertThat(Refusal.isAnswer(sqlState, raised, false)).isTrue();
    assertThat(Refusal.of(sqlState, raised).words()).isEqualTo(sqlState + " none left");
  }

  @Test
  void itsDetailIsWhatTellsItsReason() {
    assertThat(Refusal.of("23505", new Refusal.Words("dup", "a_key", "", "")).words())
        .isEqualTo("23505 a_key");
    assertThat(Refusal.of("22012", words("division by zero", "", "int4div")).words())
        .isEqualTo("22012");
    assertThat(Refusal.of("42501", words("permission denied for table a", "", "")).words())
        .isEqualTo("42501 permission denied for table a");
    assertThat(Refusal.parse("ERROR BK001 none left"))
        .isEqualTo(Refusal.of("BK001", words("none left", "", "exec_stmt_raise")));
  }

  private static Refusal.Words words(String message, String context, String routine) {
    return new Refusal.Words(message, "", context, routine);
  }
}
