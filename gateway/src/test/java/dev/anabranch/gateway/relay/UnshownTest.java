package dev.anabranch.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnshownTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "create table a as select 1|select 1",
        "create temp table if not exists s.\"as\" (b, c) with (fillfactor=70) as table t with no"
            + " data|table t",
        "create materialized view m as (select 'as' as x) with data|(select 'as' as x)",
        "create unlogged table a as /* with data */ values (1)|/* with data */ values (1)",
        "select a into temp b from t|select a  from t",
        "select a into table s.\"B c\" from t|select a  from t",
        "select a INTO LOCAL TEMPORARY TABLE b|select a",
        "explain analyze select 1|select 1",
        "explain analyze verbose select 1|select 1",
        "explain (analyze, format json) select 1|select 1",
        "explain analyze (select 1)|(select 1)",
      })
  void theQueryInside(String sql, String query) {
    assertThat(Unshown.query(statement(sql), true).map(String::strip)).hasValue(query);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create table a (b int)",
        "with w as (insert into t values (1) returning 1) select * into x from w"
      })
  void noQueryThatCanBeToldApart(String sql) {
    assertThat(Unshown.query(statement(sql), true)).isEmpty();
  }

  @Test
  void rowsThatAreShownAreNot() {
    assertThat(Unshown.is(statement("select 1"), "SELECT 1", true)).isFalse();
    assertThat(Unshown.is(statement("select 1"), "SELECT 1", false)).isFalse();
    assertThat(Unshown.is(statement("create table a (b int)"), "CREATE TABLE", false)).isFalse();
    assertThat(Unshown.is(statement("explain select 1"), "EXPLAIN", true)).isFalse();
    assertThat(Unshown.is(statement("create table a as select 1"), "SELECT 1", false)).isTrue();
    assertThat(Unshown.is(statement("select 1 into x"), "SELECT 1", false)).isTrue();
  }

  private static SqlStatement statement(String sql) {
    List<SqlStatement> statements = SqlText.statements(sql, true).orElseThrow();
    return statements.getFirst();
  }
}
