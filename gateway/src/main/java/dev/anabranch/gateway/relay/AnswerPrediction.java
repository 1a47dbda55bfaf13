package dev.anabranch.gateway.relay;

import dev.anabranch.gateway.wire.FrontendMessage;
import dev.anabranch.gateway.wire.FrontendMessage.Named;
import java.util.List;
import java.util.Map;

/**
 * Tells from a client's message, before the branch has it, whether an answer may come of it, or the
 * end of a transaction. An error here makes an answer less certain, or a round trip more; nothing
 * else.
 */
final class AnswerPrediction {

  private final Map<String, PreparedStatement> statements;
  private final TextEncoding encoding;

  /**
   * @param statements those that the client has prepared
   */
  AnswerPrediction(Map<String, PreparedStatement> statements, TextEncoding encoding) {
    this.statements = statements;
    this.encoding = encoding;
  }

  /**
   * @param named whether it is known which transaction it is that may end
   */
  boolean mayAnswer(ExpectedReply message, boolean named) {
    return switch (message) {
      case ExpectedReply.QueryReply(String sql, boolean _, Mark _) -> mayAnswer(sql, named);
      case ExpectedReply.ParseReply(String _, String sql, List<Long> _, boolean _, Mark _) ->
          mayAnswer(sql, named);
      case ExpectedReply.BindReply(FrontendMessage.Bind bind, Mark _) ->
          preparedMayAnswer(bind.statement(), named);
      case ExpectedReply.DescribeReply(Named kind, String name) ->
          kind == Named.STATEMENT && preparedMayAnswer(name, named);
      case ExpectedReply.FunctionReply _,
          ExpectedReply.ForgottenParseReply _,
          ExpectedReply.ForgottenBindReply _ ->
          true;
      case ExpectedReply.ExecuteReply _,
          ExpectedReply.CloseReply _,
          ExpectedReply.Refusal _,
          ExpectedReply.SyncReply _,
          ExpectedReply.CopyInEnd _,
          ExpectedReply.CopyInRows _,
          ExpectedReply.PerhapsReady _ ->
          false;
    };
  }

  /** One that the client prepares in the same breath is looked at there. */
  private boolean preparedMayAnswer(String name, boolean named) {
    PreparedStatement prepared = statements.get(name);
    return prepared != null && prepared.statement().mayAnswer(named);
  }

  private boolean mayAnswer(String sql, boolean named) {
    return SqlText.statements(sql, encoding.standardStrings())
        .map(found -> found.stream().anyMatch(statement -> statement.mayAnswer(named)))
        .orElse(true);
  }
}
