package dev.anabranch.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people read of a task. */
class TaskNameTest {

  private static final Task TRACED = new Task.Traced("0af7651916cd43dd8448eb211c80319c");

  private static final Task WORK = new Task.Work("app", "shop", "10.0.0.1");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SELECT 1 /*route='%2Frefunds',framework='express'*/                     | /refunds
          SELECT 1 /*route='POST%20%2Frefunds'*/                                  | POST /refunds
          SELECT 1 /*method='post',route='/refunds'*/                             | POST /refunds
          SELECT 1 /*action='create',controller='refunds',framework='spring'*/    | refunds#create
          SELECT 1 /*application:Shop,controller:refunds,action:create*/          | refunds#create
          /* controller='polls.views' */ SELECT 1                                 | polls.views
          SELECT 1 /*job='RefundJob'*/                                            | RefundJob
          """)
  void aRequestIsCalledByItsComment(String sql, String name) {
    assertThat(TaskName.of(TRACED, asked(sql))).isEqualTo(name);
    assertThat(TaskName.of(WORK, asked(sql))).isEqualTo(name);
  }

  @Test
  void aNameThatWasGivenComesFirst() {
    assertThat(TaskName.of(new Task.Named("refunds"), asked("SELECT 1 /*route='/other'*/")))
        .isEqualTo("refunds");
  }

  @Test
  void aTraceWithoutARequestIsCalledByItsId() {
    assertThat(TaskName.of(TRACED, asked("SELECT 1 /*traceparent='00-0af7'*/")))
        .isEqualTo("trace 0af76519");
  }

  @Test
  void workThatNobodyNamedIsCalledByItsApplicationAndFirstStatement() {
    assertThat(TaskName.of(WORK, asked("-- look\nSELECT *\n FROM t /* all */", "SELECT 2")))
        .isEqualTo("shop: SELECT * FROM t");
    assertThat(TaskName.of(new Task.Work("app", "", "10.0.0.1"), asked())).isEqualTo("app");
  }

  @Test
  void aWindowWithSeveralRequestsSaysSo() {
    assertThat(
            TaskName.of(
                WORK, asked("SELECT 1 /*route='/a'*/", "SELECT 2 /*route='/b'*/", "SELECT 3")))
        .isEqualTo("/a and 1 more");
  }

  private static List<Question> asked(String... statements) {
    return Stream.of(statements).map(sql -> new Question(sql, List.of(), new TreeMap<>())).toList();
  }
}
