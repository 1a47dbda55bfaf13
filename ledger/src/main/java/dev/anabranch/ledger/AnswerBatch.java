package dev.anabranch.ledger;

import dev.anabranch.base.BranchId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;

/**
 * Answers of one branch as the control database keeps them: many in one row, since a row for each
 * cost it more than all else that the gateway did with an answer.
 *
 * <p>An answer is its {@link Field fields} in their order. A field is four bytes of length and its
 * bytes, as Postgres's binary protocol writes values; length -1 stands for NULL, and length -2 for
 * the bytes that the answer before had there. All of it can be read with SQL's own functions.
 *
 * @param first which answer it begins with
 * @param lastTick the largest tick in it
 * @param count how many answers
 * @param bytes the answers, the first without a reference to another
 */
record AnswerBatch(Key first, long lastTick, int count, ByteBuffer bytes) {

  /** No row gets longer than this, unless one answer is. */
  private static final int MOST_BYTES = 4 << 20;

  private static final int NULL = -1;
  private static final int SAME = -2;
  private static final int TYPICAL_BYTES = 256;
  private static final long POSTGRES_EPOCH_SECONDS = 946_684_800;
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final int NANOS_PER_MICRO = 1_000;

  /** What no two answers of a branch have in common. */
  record Key(UUID session, long tick) {
    static Key of(Answer answer) {
      return new Key(answer.session(), answer.span().end());
    }
  }

  /** What is written of an answer; the order is the form on disk. */
  private enum Field {
    SESSION,
    TASK,
    TRANSACTION,
    TRANSACTION_BEGAN,
    SPAN_BEGIN,
    SPAN_END,
    OWN_WRITES,
    SQL,
    PARAMETERS,
    SETTINGS,
    COLUMNS,
    ROW_COUNT,
    COMPLETE,
    COMPARABLE,
    ORDERED_DIGEST,
    BAG_DIGEST,
    ROWS,
    COMMAND_TAG,
    ASKED_AT,
    WITHHELD_SINCE
  }

  private static final List<Field> FIELDS = List.of(Field.values());

  /** All of them, in their order. */
  static List<AnswerBatch> of(List<Answer> answersOfOneBranch) {
    List<AnswerBatch> batches = new ArrayList<>();
    Shared shared = new Shared();
    int next = 0;
    while (next < answersOfOneBranch.size()) {
      AnswerBatch batch =
          new Writer(shared).write(answersOfOneBranch.subList(next, answersOfOneBranch.size()));
      batches.add(batch);
      next += batch.count();
    }
    return batches;
  }

  /**
   * The answers of a row.
   *
   * @param texts of statements that were read before, each by itself; grows by those of this row
   */
  static List<Answer> read(
      BranchId branch, long firstId, int count, byte[] bytes, Map<String, String> texts) {
    Reader reader = new Reader(bytes, texts);
    List<Answer> answers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      answers.add(reader.next(branch, firstId + i));
    }
    return answers;
  }

  /** What answers have in common is put into JSON once. */
  private static final class Shared {

    /** By identity: a session has one map until its settings change. */
    private final IdentityHashMap<SortedMap<String, String>, byte[]> settings =
        new IdentityHashMap<>();

    private final Map<List<ResultColumn>, byte[]> columns = new HashMap<>();
    private final Map<OwnWrites, byte[]> ownWrites = new HashMap<>();
    private final Map<String, byte[]> texts = new HashMap<>();

    byte[] settings(SortedMap<String, String> values) {
      return settings.computeIfAbsent(values, s -> utf8(LedgerJson.ofSettings(s)));
    }

    byte[] columns(List<ResultColumn> values) {
      return columns.computeIfAbsent(values, c -> utf8(LedgerJson.ofColumns(c)));
    }

    byte[] ownWrites(OwnWrites value) {
      return ownWrites.computeIfAbsent(value, w -> utf8(LedgerJson.ofOwnWrites(w)));
    }

    byte[] text(String value) {
      return texts.computeIfAbsent(value, AnswerBatch::utf8);
    }
  }

  private static byte[] utf8(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  private static final class Writer {

    private final Shared shared;
    private final EntryOutput out = new EntryOutput(TYPICAL_BYTES * TYPICAL_BYTES);
    private final EnumMap<Field, byte[]> before = new EnumMap<>(Field.class);

    Writer(Shared shared) {
      this.shared = shared;
    }

    /** As many of them as fit, and one at least. */
    AnswerBatch write(List<Answer> answers) {
      int count = 0;
      long lastTick = Long.MIN_VALUE;
      while (count < answers.size() && out.length() < MOST_BYTES) {
        Answer answer = answers.get(count);
        write(answer);
        lastTick = Math.max(lastTick, answer.span().end());
        count++;
      }
      return new AnswerBatch(
          Key.of(answers.getFirst()), lastTick, count, ByteBuffer.wrap(out.toByteArray()));
    }

    private void write(Answer answer) {
      Question question = answer.question();
      Result result = answer.result();
      id(answer.session());
      repeating(Field.TASK, shared.text(answer.task().text()));
      number(answer.transaction());
      number(answer.transactionBegan());
      number(answer.span().begin());
      number(answer.span().end());
      repeating(Field.OWN_WRITES, shared.ownWrites(answer.ownWrites()));
      repeating(Field.SQL, shared.text(question.sql()));
      bytes(utf8(LedgerJson.ofParameters(question.parameters())));
      repeating(Field.SETTINGS, shared.settings(question.settings()));
      repeating(Field.COLUMNS, shared.columns(result.columns()));
      number(result.rowCount());
      truth(result.complete());
      truth(result.comparable());
      number(result.orderedDigest());
      number(result.bagDigest());
      if (result.rows().isPresent()) {
        bytes(utf8(LedgerJson.ofRows(result.rows().get())));
      } else {
        out.writeInt(NULL);
      }
      repeating(Field.COMMAND_TAG, shared.text(answer.commandTag()));
      moment(answer.askedAt());
      if (answer.withheld().isPresent()) {
        moment(answer.withheld().get().since());
      } else {
        out.writeInt(NULL);
      }
    }

    private void repeating(Field field, byte[] value) {
      if (Arrays.equals(value, before.get(field))) {
        out.writeInt(SAME);
      } else {
        bytes(value);
        before.put(field, value);
      }
    }

    private void bytes(byte[] value) {
      out.writeInt(value.length);
      out.write(value);
    }

    private void number(long value) {
      out.writeInt(Long.BYTES);
      out.writeLong(value);
    }

    private void truth(boolean value) {
      out.writeInt(1);
      out.writeBoolean(value);
    }

    private void id(UUID value) {
      out.writeInt(2 * Long.BYTES);
      out.writeLong(value.getMostSignificantBits());
      out.writeLong(value.getLeastSignificantBits());
    }

    /** Microseconds since the year 2000. */
    private void moment(Instant value) {
      number(
          (value.getEpochSecond() - POSTGRES_EPOCH_SECONDS) * MICROS_PER_SECOND
              + value.getNano() / NANOS_PER_MICRO);
    }
  }

  private static final class Reader {

    private final ByteBuffer in;
    private final EnumMap<Field, byte[]> fields = new EnumMap<>(Field.class);

    /** What a field's bytes mean, while answer after answer has the same. */
    private final Map<String, SortedMap<String, String>> settings = new HashMap<>();

    private final Map<String, List<ResultColumn>> columns = new HashMap<>();
    private final Map<String, Task> tasks = new HashMap<>();

    /** Kept once each: a program says the same few statements many times, and some are long. */
    private final Map<String, String> texts;

    private String sql = "";

    Reader(byte[] bytes, Map<String, String> texts) {
      this.in = ByteBuffer.wrap(bytes);
      this.texts = texts;
    }

    Answer next(BranchId branch, long id) {
      for (Field field : FIELDS) {
        int length = in.getInt();
        if (length == NULL) {
          fields.remove(field);
        } else if (length != SAME) {
          byte[] value = new byte[length];
          in.get(value);
          fields.put(field, value);
          if (field == Field.SQL) {
            sql = texts.computeIfAbsent(text(value), text -> text);
          }
        }
      }
      Answer answer =
          new Answer(
              id,
              branch,
              session(),
              tasks.computeIfAbsent(text(Field.TASK), Task::parse),
              number(Field.TRANSACTION),
              number(Field.TRANSACTION_BEGAN),
              new Span(number(Field.SPAN_BEGIN), number(Field.SPAN_END)),
              LedgerJson.toOwnWrites(text(Field.OWN_WRITES)),
              question(),
              result(),
              text(Field.COMMAND_TAG),
              moment(Field.ASKED_AT));
      return bytes(Field.WITHHELD_SINCE).isEmpty()
          ? answer
          : answer.withheldSince(moment(Field.WITHHELD_SINCE));
    }

    private Question question() {
      return new Question(
          sql,
          LedgerJson.toParameters(text(Field.PARAMETERS)),
          settings.computeIfAbsent(text(Field.SETTINGS), LedgerJson::toSettings));
    }

    private Result result() {
      return new Result(
          columns.computeIfAbsent(text(Field.COLUMNS), LedgerJson::toColumns),
          number(Field.ROW_COUNT),
          truth(Field.COMPLETE),
          truth(Field.COMPARABLE),
          number(Field.ORDERED_DIGEST),
          number(Field.BAG_DIGEST),
          bytes(Field.ROWS).map(Reader::text).map(LedgerJson::toRows));
    }

    private Optional<byte[]> bytes(Field field) {
      return Optional.ofNullable(fields.get(field));
    }

    private ByteBuffer value(Field field) {
      return ByteBuffer.wrap(bytes(field).orElseThrow());
    }

    private long number(Field field) {
      return value(field).getLong();
    }

    private boolean truth(Field field) {
      return value(field).get() != 0;
    }

    private UUID session() {
      ByteBuffer id = value(Field.SESSION);
      return new UUID(id.getLong(), id.getLong());
    }

    private Instant moment(Field field) {
      long micros = number(field);
      return Instant.ofEpochSecond(
          POSTGRES_EPOCH_SECONDS + Math.floorDiv(micros, MICROS_PER_SECOND),
          Math.floorMod(micros, MICROS_PER_SECOND) * NANOS_PER_MICRO);
    }

    private String text(Field field) {
      return text(bytes(field).orElseThrow());
    }

    private static String text(byte[] utf8) {
      return new String(utf8, StandardCharsets.UTF_8);
    }
  }
}
