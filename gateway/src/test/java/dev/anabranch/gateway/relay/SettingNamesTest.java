package dev.anabranch.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingNamesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "set app.tenant = 'x'|app.tenant",
        "SET LOCAL App.Tenant TO x|app.tenant",
        "set session time zone 'UTC'|timezone",
        "set role ann|role",
        "set schema 'x'|search_path",
        "reset search_path|search_path",
        "reset all|*",
        "discard all|*",
        "reset session authorization|role",
      })
  void whatWordsSet(String sql, String name) {
    assertThat(SettingNames.inWords(statement(sql))).contains(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"discard plans", "select set_config('a.b', 'c', false)", "set \"A\" = 1"})
  void whatWordsDoNotTell(String sql) {
    assertThat(SettingNames.inWords(statement(sql))).isEmpty();
  }

  private static SqlStatement statement(String sql) {
    return SqlText.statements(sql, true).orElseThrow().getFirst();
  }
}
