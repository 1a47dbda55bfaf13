package dev.anabranch.gateway.relay;

import dev.anabranch.gateway.wire.FrontendMessage;
import java.util.List;

/** A client's message whose reply has not come yet, in the order in which replies will come. */
sealed interface Awaited {

  /** T D* C for each statement, then Z. */
  record QueryReply(String sql, boolean whole, Mark sent) implements Awaited {}

  /** 1. */
  record ParseReply(String statement, String sql, List<Long> parameterTypes, boolean whole)
      implements Awaited {}

  /** 2. Postgres takes a portal's snapshot when it binds it. */
  record BindReply(FrontendMessage.Bind bind, Mark sent) implements Awaited {}

  /** (t) and then T or n. */
  record DescribeReply(FrontendMessage.Named kind, String name) implements Awaited {}

  /** D* and then C, s or I. */
  record ExecuteReply(String portal, Mark sent) implements Awaited {}

  /** 3. */
  record CloseReply(FrontendMessage.Named kind, String name) implements Awaited {}

  /** Z. */
  record SyncReply(Mark sent) implements Awaited {}

  /** V and then Z. */
  record FunctionReply(Mark sent) implements Awaited {}

  /** No reply of its own: where the rows copied in end, which decides which Syncs count. */
  record CopyInEnd() implements Awaited {}
}
