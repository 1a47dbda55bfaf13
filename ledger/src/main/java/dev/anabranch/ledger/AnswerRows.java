package dev.anabranch.ledger;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;

/**
 * Answers as COPY takes them in binary (PostgreSQL documentation, "COPY", "Binary Format"): of all
 * the ways into a table the one that costs the control database least, and a busy gateway shares
 * its processors with it. What the answers of one batch have in common is put into JSON once.
 */
final class AnswerRows {

  /** What {@link #of} writes, in its order. */
  static final String COPY =
      """
      COPY answer (branch_id, session, task, transaction, transaction_began, span_begin, span_end, own_writes,
        sql, parameters, settings, columns, row_count, complete, comparable, ordered_digest, bag_digest, rows,
        command_tag, asked_at, withheld_since)
      FROM STDIN (FORMAT binary)\
      """;

  private static final int COLUMNS = 21;
  private static final byte[] SIGNATURE =
      "PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final int END = -1;
  private static final int NULL = -1;
  private static final long POSTGRES_EPOCH_SECONDS = 946_684_800;
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final int NANOS_PER_MICRO = 1_000;
  private static final int TYPICAL_BYTES = 1_024;

  private final ByteArrayOutputStream bytes;
  private final DataOutputStream out;

  /** By identity: a session has one map until its settings change. */
  private final IdentityHashMap<SortedMap<String, String>, byte[]> settings =
      new IdentityHashMap<>();

  private final Map<List<ResultColumn>, byte[]> columns = new HashMap<>();
  private final Map<OwnWrites, byte[]> ownWrites = new HashMap<>();

  private AnswerRows(int answers) {
    this.bytes = new ByteArrayOutputStream(answers * TYPICAL_BYTES);
    this.out = new DataOutputStream(bytes);
  }

  static byte[] of(List<Answer> answers) {
    AnswerRows rows = new AnswerRows(answers.size());
    try {
      rows.out.write(SIGNATURE);
      rows.out.writeInt(0); // no flags
      rows.out.writeInt(0); // no extension
      for (Answer answer : answers) {
        rows.write(answer);
      }
      rows.out.writeShort(END);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return rows.bytes.toByteArray();
  }

  private void write(Answer answer) throws IOException {
    Question question = answer.question();
    Result result = answer.result();
    out.writeShort(COLUMNS);
    number(answer.branch().value());
    id(answer.session());
    text(answer.task());
    number(answer.transaction());
    number(answer.transactionBegan());
    number(answer.span().begin());
    number(answer.span().end());
    field(ownWrites.computeIfAbsent(answer.ownWrites(), w -> utf8(LedgerJson.ofOwnWrites(w))));
    text(question.sql());
    text(LedgerJson.ofParameters(question.parameters()));
    field(settings.computeIfAbsent(question.settings(), s -> utf8(LedgerJson.ofSettings(s))));
    field(columns.computeIfAbsent(result.columns(), c -> utf8(LedgerJson.ofColumns(c))));
    number(result.rowCount());
    truth(result.complete());
    truth(result.comparable());
    number(result.orderedDigest());
    number(result.bagDigest());
    rows(result);
    text(answer.commandTag());
    moment(answer.askedAt());
    if (answer.withheld().isPresent()) {
      moment(answer.withheld().get().since());
    } else {
      out.writeInt(NULL);
    }
  }

  private void rows(Result result) throws IOException {
    if (result.rows().isPresent()) {
      text(LedgerJson.ofRows(result.rows().get()));
    } else {
      out.writeInt(NULL);
    }
  }

  private void number(long value) throws IOException {
    out.writeInt(Long.BYTES);
    out.writeLong(value);
  }

  private void truth(boolean value) throws IOException {
    out.writeInt(1);
    out.writeByte(value ? 1 : 0);
  }

  private void id(UUID value) throws IOException {
    out.writeInt(2 * Long.BYTES);
    out.writeLong(value.getMostSignificantBits());
    out.writeLong(value.getLeastSignificantBits());
  }

  /** Microseconds since the year 2000. */
  private void moment(Instant value) throws IOException {
    number(
        (value.getEpochSecond() - POSTGRES_EPOCH_SECONDS) * MICROS_PER_SECOND
            + value.getNano() / NANOS_PER_MICRO);
  }

  private void text(String value) throws IOException {
    field(utf8(value));
  }

  private void field(byte[] value) throws IOException {
    out.writeInt(value.length);
    out.write(value);
  }

  private static byte[] utf8(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
