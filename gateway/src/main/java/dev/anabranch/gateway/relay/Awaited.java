package dev.anabranch.gateway.relay;

import dev.anabranch.gateway.wire.FrontendMessage;
import java.util.List;

/** A client's message whose reply has not come yet. */
sealed interface Awaited {

  /** Whether an error in it makes the branch skip to the next Sync. */
  default boolean isExtended() {
    return true;
  }

  /** Whether the branch never replies to it. */
  default boolean isPartOfCopy() {
    return false;
  }

  /** T D* C for each statement, then Z. */
  record QueryReply(String sql, boolean whole, Mark sent) implements Awaited {
    @Override
    public boolean isExtended() {
      return false;
    }
  }

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

  /** E, for a message that can't be read. */
  record Refusal() implements Awaited {}

  /** Z. */
  record SyncReply(Mark sent) implements Awaited {
    @Override
    public boolean isExtended() {
      return false;
    }
  }

  /** V and then Z. */
  record FunctionReply(long function, Mark sent) implements Awaited {
    @Override
    public boolean isExtended() {
      return false;
    }
  }

  /** No reply of its own: where the rows copied in end, which decides which Syncs count. */
  record CopyInEnd() implements Awaited {
    @Override
    public boolean isExtended() {
      return false;
    }

    @Override
    public boolean isPartOfCopy() {
      return true;
    }
  }

  /** No reply: rows to copy in. Those sent one after the other count as one. */
  record CopyInRows() implements Awaited {
    @Override
    public boolean isExtended() {
      return false;
    }

    @Override
    public boolean isPartOfCopy() {
      return true;
    }
  }

  /** Z, as many times or fewer. */
  record PerhapsReady(int count) implements Awaited {
    @Override
    public boolean isExtended() {
      return false;
    }
  }
}
