package dev.anabranch.gateway.relay;

import dev.anabranch.base.Lsn;
import dev.anabranch.gateway.wire.BackendMessage;
import dev.anabranch.gateway.wire.BackendMessage.FieldDescription;
import dev.anabranch.gateway.wire.RowDecoder;
import dev.anabranch.gateway.wire.SpellingSettings;
import dev.anabranch.gateway.wire.ToBranch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway asks the branch on a client's connection, while the client has nothing
 * outstanding: where the session's writes stand in the branch's log, and what its settings are. The
 * client sees nothing of it.
 *
 * <pre>
 * gateway  for each function: F;  for each statement: Parse Bind Execute Close Close, and one Sync
 * branch   for each function: V Z; for each statement: 1 2 D C 3 3, and one Z
 * </pre>
 */
final class PositionProbe {

  /** {@code pg_current_wal_insert_lsn()}; its number is the same in all versions of Postgres. */
  private static final int POSITION = 2852;

  /** {@code pg_current_xact_id_if_assigned()}. */
  private static final int TRANSACTION_ID = 5060;

  private static final SpellingSettings TEXT_ONLY = SpellingSettings.UNKNOWN;

  private final List<Integer> functions;
  private final List<String> settings;
  private final Charset charset;
  private final List<Optional<String>> values = new ArrayList<>();
  private final List<@Nullable String> answers = new ArrayList<>();
  private int readyAwaited;
  private int rowsAwaited;
  private boolean failed;

  private PositionProbe(List<Integer> functions, List<String> settings, Charset charset) {
    this.charset = charset;
    this.functions = functions;
    this.settings = settings;
    this.readyAwaited = functions.size() + (settings.isEmpty() ? 0 : 1);
    this.rowsAwaited = settings.size();
  }

  /**
   * @param transactions which may want to know where the branch's log stands
   * @param settings the questions about settings, if any
   * @param charset the client encoding
   */
  static PositionProbe of(TransactionTracker transactions, List<String> settings, Charset charset) {
    List<Integer> functions = new ArrayList<>();
    if (transactions.wantPosition()) {
      functions.add(POSITION);
      if (transactions.wantTransactionId()) {
        functions.add(TRANSACTION_ID);
      }
    }
    return new PositionProbe(functions, settings, charset);
  }

  ByteBuf write(ByteBufAllocator allocator) {
    ByteBuf calls = ToBranch.functionCalls(allocator, functions);
    return settings.isEmpty() ? calls : ToBranch.questions(calls, settings);
  }

  void value(BackendMessage.FunctionResult result) {
    int length = result.value().readInt();
    values.add(
        length < 0
            ? Optional.empty()
            : Optional.of(
                result.value().readCharSequence(length, StandardCharsets.US_ASCII).toString()));
  }

  void row(BackendMessage.DataRow row) {
    int columns = row.cells().getUnsignedShort(row.cells().readerIndex());
    List<FieldDescription> fields = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      fields.add(new FieldDescription("", 0, 0, 0, 0));
    }
    new RowDecoder(fields, charset, TEXT_ONLY)
        .read(row)
        .ifPresentOrElse(answers::addAll, this::fail);
    rowsAwaited--;
  }

  void fail() {
    failed = true;
  }

  /** A ReadyForQuery came; returns whether it was the last. */
  boolean ready() {
    readyAwaited--;
    return readyAwaited == 0;
  }

  /** Hands on what was learned; false when the branch did not answer. */
  boolean conclude(TransactionTracker transactions, SessionSettings sessionSettings, Instant now) {
    if (failed || values.size() != functions.size() || rowsAwaited != 0) {
      return false;
    }
    if (functions.contains(POSITION)) {
      Lsn position = values.getFirst().map(Lsn::parse).orElseThrow();
      if (functions.contains(TRANSACTION_ID)) {
        transactions.located(
            position,
            values
                .get(1)
                .map(text -> OptionalLong.of(Long.parseUnsignedLong(text)))
                .orElseGet(OptionalLong::empty));
      } else {
        transactions.located(position);
      }
    }
    if (!settings.isEmpty()) {
      sessionSettings.learn(answers, now);
    }
    return true;
  }
}
