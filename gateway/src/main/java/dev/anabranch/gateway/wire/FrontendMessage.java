package dev.anabranch.gateway.wire;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * What a logged-in client can say, protocol 3.0 (PostgreSQL documentation, "Message Formats"). A
 * message that is too long to keep is cut: its {@code whole} is false and what stood behind the cut
 * is missing.
 */
public sealed interface FrontendMessage {

  /** {@code Q}: one or more statements as text. */
  record Query(String sql, boolean whole) implements FrontendMessage {}

  /** {@code P}: prepare a statement; type 0 leaves a parameter's type to Postgres. */
  record Parse(String statement, String sql, List<Long> parameterTypes, boolean whole)
      implements FrontendMessage {}

  /**
   * {@code B}: give a statement its parameters. Formats: none means all text, one means all alike.
   */
  record Bind(
      String portal,
      String statement,
      List<Integer> parameterFormats,
      List<BoundValue> values,
      List<Integer> resultFormats,
      boolean whole)
      implements FrontendMessage {

    private static final int BYTES_A_VALUE = 32;

    /** About how much memory it takes. */
    public long bytes() {
      long bytes = (long) portal.length() + statement.length();
      for (BoundValue value : values) {
        bytes += BYTES_A_VALUE + value.length();
      }
      return bytes;
    }
  }

  /** {@code D}. */
  record Describe(Named kind, String name) implements FrontendMessage {}

  /** {@code E}: run a portal, at most {@code maxRows} rows (0: all). */
  record Execute(String portal, int maxRows) implements FrontendMessage {}

  /** {@code C}. */
  record Close(Named kind, String name) implements FrontendMessage {}

  /** {@code S}. */
  record Sync() implements FrontendMessage {}

  /** {@code H}. */
  record Flush() implements FrontendMessage {}

  /** {@code F}: call a function by OID, outside SQL. */
  record FunctionCall(long function) implements FrontendMessage {}

  /** {@code d}. */
  record CopyData() implements FrontendMessage {}

  /** {@code c} or {@code f}: the client has no more rows to copy in. */
  record CopyEnd() implements FrontendMessage {}

  /** Of the extended protocol, and not laid out as it should be: the branch will refuse it. */
  record Unreadable() implements FrontendMessage {}

  /** Not even a message: the branch will end the session, and nothing after this means anything. */
  record Broken() implements FrontendMessage {}

  /** {@code X}. */
  record Terminate() implements FrontendMessage {}

  /** {@code p}: a step of logging in. */
  record Credentials(ByteBuf data) implements FrontendMessage {}

  /** What Describe and Close can name. */
  enum Named {
    STATEMENT,
    PORTAL
  }

  /** A parameter's value as it was sent. */
  sealed interface BoundValue {
    int length();

    record Null() implements BoundValue {
      @Override
      public int length() {
        return 0;
      }
    }

    record Bytes(ByteBuf bytes) implements BoundValue {
      @Override
      public int length() {
        return bytes.readableBytes();
      }
    }
  }
}
