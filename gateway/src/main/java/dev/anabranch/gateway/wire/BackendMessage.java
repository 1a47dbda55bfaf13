package dev.anabranch.gateway.wire;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * What a branch's Postgres can say, protocol 3.0, in as much detail as the gateway has a use for.
 */
public sealed interface BackendMessage {

  /** {@code R} with 0: the gateway is let in. */
  record AuthenticationOk() implements BackendMessage {}

  /** {@code R} with anything else: branches trust their socket, so none is expected. */
  record AuthenticationRequest(int kind) implements BackendMessage {}

  /** {@code K}: what cancels this backend's statements. */
  record BackendKey(int processId, int secret) implements BackendMessage {}

  /** {@code S}. */
  record ParameterStatus(String name, String value) implements BackendMessage {}

  /** {@code Z}. */
  record ReadyForQuery(TransactionStatus status) implements BackendMessage {}

  /** {@code T}. */
  record RowDescription(List<FieldDescription> fields) implements BackendMessage {}

  /** {@code n}. */
  record NoData() implements BackendMessage {}

  /** {@code t}. */
  record ParameterDescription(List<Long> types) implements BackendMessage {}

  /**
   * {@code D}: one row; readable only while it is being handed over.
   *
   * @param cells a count and that many lengths with bytes
   * @param whole false when the row was too long to keep
   */
  record DataRow(ByteBuf cells, boolean whole) implements BackendMessage {}

  /** {@code C}. */
  record CommandComplete(String tag) implements BackendMessage {}

  /** {@code s}: a portal's row limit was reached. */
  record PortalSuspended() implements BackendMessage {}

  /** {@code I}. */
  record EmptyQuery() implements BackendMessage {}

  /** {@code 1}. */
  record ParseComplete() implements BackendMessage {}

  /** {@code 2}. */
  record BindComplete() implements BackendMessage {}

  /** {@code 3}. */
  record CloseComplete() implements BackendMessage {}

  /**
   * {@code E}.
   *
   * @param subject the constraint that it names, else the column; empty when it names none
   * @param context the functions it came through, or empty
   * @param routine the place in Postgres's source that it came from, or empty
   */
  record ErrorResponse(
      String severity,
      String sqlState,
      String message,
      String subject,
      String context,
      String routine)
      implements BackendMessage {}

  /**
   * {@code N} or {@code A}: comes at any time and answers nothing; readable only while it is being
   * handed over.
   */
  record Asynchronous(byte type, ByteBuf payload) implements BackendMessage {}

  /** {@code G}: the branch waits for rows to copy in. */
  record CopyIn() implements BackendMessage {}

  /** {@code H}: rows are being copied out. */
  record CopyOut() implements BackendMessage {}

  /** {@code d} or {@code c}: part of a copy. */
  record CopyPart() implements BackendMessage {}

  /**
   * {@code V}: what a FunctionCall returned, with its length before it, or -1 for null; readable
   * only while it is being handed over.
   */
  record FunctionResult(ByteBuf value) implements BackendMessage {}

  /** Where ReadyForQuery says that the session stands. */
  enum TransactionStatus {
    IDLE,
    IN_TRANSACTION,
    FAILED
  }

  /** One column of a RowDescription; format 0 is text, 1 is binary. */
  record FieldDescription(String name, long tableOid, int columnNumber, long typeOid, int format) {}
}
