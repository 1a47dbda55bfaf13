package dev.anabranch.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpelledCallTest {

  private static final List<String> VALUES = List.of("'it''s $2'::text", "'5'::integer");

  @Test
  void parametersAreWrittenOutAndStringsAreLeftAlone() {
    assertThat(SpelledCall.of("call shop.pay($1, $2)", VALUES))
        .contains("call shop.pay('it''s $2'::text, '5'::integer)");
    assertThat(SpelledCall.of("CALL \"Pay $1\"('$1', a => $2::int8, null, -1.5);", VALUES))
        .contains("CALL \"Pay $1\"('$1', a => '5'::integer::int8, null, -1.5);");
    assertThat(SpelledCall.of("/* it's $1 */ CALL pay($2) -- $1", VALUES))
        .contains("/* it's $1 */ CALL pay('5'::integer) -- $1");
    assertThat(SpelledCall.of("CALL pay($2,$2)", VALUES))
        .contains("CALL pay('5'::integer,'5'::integer)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CALL pay($3)",
        "CALL pay($0)",
        "CALL pay((SELECT $1))",
        "CALL pay($1 || 'a')",
        "CALL pay($1 /* $2 */)",
        "CALL pay($1) /* a /* nested */ one */",
        "CALL pay($$x$$, $1)",
        "CALL pay(E'\\'', $1)",
        "CALL pay(ARRAY[$1])",
        "CALL pay($1); DROP TABLE t",
        "SELECT pay($1)"
      })
  void whatIsMoreThanACallWithPlainValuesIsNot(String sql) {
    assertThat(SpelledCall.of(sql, VALUES)).isEmpty();
  }
}
