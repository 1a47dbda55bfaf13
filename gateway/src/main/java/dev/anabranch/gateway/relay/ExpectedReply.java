package dev.anabranch.gateway.relay;

import dev.anabranch.gateway.wire.FrontendMessage;
import java.util.List;
import java.util.Optional;

/** A client's message whose reply has not come yet. */
sealed interface ExpectedReply {

  /**
   * What a message is replied to with; nothing when there is no reply that counts.
   *
   * @param room for what has to be remembered of it
   */
  static Optional<ExpectedReply> after(
      FrontendMessage message, BranchClock clock, MemoryBudget room) {
    return Optional.ofNullable(
        switch (message) {
          case FrontendMessage.Query(String sql, boolean whole) -> {
            boolean fits = room.take(sql.length());
            yield new QueryReply(fits ? sql : "", fits && whole, clock.mark());
          }
          case FrontendMessage.Parse(
                  String statement,
                  String sql,
                  List<Long> types,
                  boolean whole) -> {
            ExpectedReply reply = new ParseReply(statement, sql, types, whole, clock.mark());
            yield room.take(reply.weight()) ? reply : new ForgottenParseReply();
          }
          case FrontendMessage.Bind bind -> {
            Mark sent = clock.mark();
            yield room.take(bind.bytes())
                ? new BindReply(bind, sent)
                : new ForgottenBindReply(sent);
          }
          case FrontendMessage.Describe(FrontendMessage.Named kind, String name) ->
              new DescribeReply(kind, name);
          case FrontendMessage.Execute(String portal, int _) ->
              new ExecuteReply(portal, clock.mark());
          case FrontendMessage.Close(FrontendMessage.Named kind, String name) ->
              new CloseReply(kind, name);
          case FrontendMessage.Sync _ -> new SyncReply(clock.mark());
          case FrontendMessage.FunctionCall(long function) ->
              new FunctionReply(function, clock.mark());
          case FrontendMessage.CopyEnd _ -> new CopyInEnd();
          case FrontendMessage.Unreadable _ -> new Refusal();
          case FrontendMessage.CopyData _ -> new CopyInRows();
          case FrontendMessage.Flush _,
              FrontendMessage.Terminate _,
              FrontendMessage.Broken _,
              FrontendMessage.Credentials _ ->
              null;
        });
  }

  /** Whether an error in it makes the branch skip to the next Sync. */
  default boolean isExtended() {
    return true;
  }

  /** Whether the branch never replies to it. */
  default boolean isPartOfCopy() {
    return false;
  }

  /** How much has to be remembered for it, in characters. */
  default long weight() {
    return 0;
  }

  /** T D* C for each statement, then Z. */
  record QueryReply(String sql, boolean whole, Mark sent) implements ExpectedReply {
    @Override
    public long weight() {
      return sql.length();
    }

    @Override
    public boolean isExtended() {
      return false;
    }
  }

  /** 1. */
  record ParseReply(
      String statement, String sql, List<Long> parameterTypes, boolean whole, Mark sent)
      implements ExpectedReply {

    private static final int CHARS_A_TYPE = 16;

    @Override
    public long weight() {
      return (long) statement.length() + sql.length() + (long) CHARS_A_TYPE * parameterTypes.size();
    }
  }

  /** 1, to a message that there was no room for. */
  record ForgottenParseReply() implements ExpectedReply {}

  /** 2. Postgres takes a portal's snapshot when it binds it. */
  record BindReply(FrontendMessage.Bind bind, Mark sent) implements ExpectedReply {
    @Override
    public long weight() {
      return bind.bytes();
    }
  }

  /** 2, to a message that there was no room for. */
  record ForgottenBindReply(Mark sent) implements ExpectedReply {}

  /** (t) and then T or n. */
  record DescribeReply(FrontendMessage.Named kind, String name) implements ExpectedReply {}

  /** D* and then C, s or I. */
  record ExecuteReply(String portal, Mark sent) implements ExpectedReply {}

  /** 3. */
  record CloseReply(FrontendMessage.Named kind, String name) implements ExpectedReply {}

  /** E, for a message that can't be read. */
  record Refusal() implements ExpectedReply {}

  /** Z. */
  record SyncReply(Mark sent) implements ExpectedReply {
    @Override
    public boolean isExtended() {
      return false;
    }
  }

  /** V and then Z. */
  record FunctionReply(long function, Mark sent) implements ExpectedReply {
    @Override
    public boolean isExtended() {
      return false;
    }
  }

  /** No reply of its own: where the rows copied in end, which decides which Syncs count. */
  record CopyInEnd() implements ExpectedReply {
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
  record CopyInRows() implements ExpectedReply {
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
  record PerhapsReady(int count) implements ExpectedReply {
    @Override
    public boolean isExtended() {
      return false;
    }
  }
}
