package dev.anabranch.ledger;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Lsn;
import dev.anabranch.ledger.Ledger.Entry;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Entries as the journal keeps them. Only the process that comes right after a killed one reads
 * them, so the form may change with any version that changes {@link Journal#FORMAT}.
 */
final class EntryCodec {

  private static final int ANSWER = 1;
  private static final int ENDING = 2;
  private static final int WITHHELD_ANSWER = 3;

  private static final int OWN_NONE = 0;
  private static final int OWN_UP_TO = 1;
  private static final int OWN_UNKNOWN = 2;

  private static final int NO_TEXT = -1;
  private static final int TYPICAL_BYTES = 1024;

  private static final int SETTINGS_KNOWN = 256;

  /**
   * Written down already, by identity: all answers of a session have one map until its settings
   * change, and an event loop has its own sessions.
   */
  private static final ThreadLocal<Map<SortedMap<String, String>, byte[]>> SETTINGS =
      ThreadLocal.withInitial(IdentityHashMap::new);

  private EntryCodec() {}

  static byte[] encode(Entry.Heard entry) {
    EntryOutput out = new EntryOutput(TYPICAL_BYTES);
    switch (entry) {
      case Entry.AnswerGiven(Answer answer) when answer.withheld().isPresent() -> {
        out.writeByte(WITHHELD_ANSWER);
        write(out, answer.withheld().get().since());
        write(out, answer);
      }
      case Entry.AnswerGiven(Answer answer) -> {
        out.writeByte(ANSWER);
        write(out, answer);
      }
      case Entry.TransactionEnded(Ending ending) -> {
        out.writeByte(ENDING);
        write(out, ending);
      }
    }
    return out.toByteArray();
  }

  static Entry.Heard decode(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    int kind = in.readUnsignedByte();
    return switch (kind) {
      case ANSWER -> new Entry.AnswerGiven(readAnswer(in));
      case WITHHELD_ANSWER -> {
        Instant since = readInstant(in);
        yield new Entry.AnswerGiven(readAnswer(in).withheldSince(since));
      }
      case ENDING -> new Entry.TransactionEnded(readEnding(in));
      default -> throw new IOException("no such kind of entry: " + kind);
    };
  }

  private static void write(EntryOutput out, Answer answer) {
    out.writeLong(answer.branch().value());
    write(out, answer.session());
    write(out, answer.task().text());
    out.writeLong(answer.transaction());
    out.writeLong(answer.transactionBegan());
    write(out, answer.span());
    write(out, answer.ownWrites());
    write(out, answer.question());
    write(out, answer.result());
    write(out, answer.commandTag());
    write(out, answer.askedAt());
  }

  private static Answer readAnswer(DataInputStream in) throws IOException {
    return new Answer(
        0,
        new BranchId(in.readLong()),
        readUuid(in),
        Task.parse(readText(in)),
        in.readLong(),
        in.readLong(),
        readSpan(in),
        readOwnWrites(in),
        readQuestion(in),
        readResult(in),
        readText(in),
        readInstant(in));
  }

  private static void write(EntryOutput out, Ending ending) {
    out.writeLong(ending.branch().value());
    write(out, ending.session());
    write(out, ending.task().text());
    out.writeLong(ending.transaction());
    write(out, ending.kind().name());
    write(out, ending.span());
    write(out, ending.sentAt());
    write(out, ending.doneAt());
    out.writeBoolean(ending.transactionId().isPresent());
    out.writeLong(ending.transactionId().orElse(0));
    out.writeBoolean(ending.positionAfter().isPresent());
    out.writeLong(ending.positionAfter().orElse(Lsn.ZERO).value());
    write(out, ending.undone().text());
  }

  private static Ending readEnding(DataInputStream in) throws IOException {
    return new Ending(
        new BranchId(in.readLong()),
        readUuid(in),
        Task.parse(readText(in)),
        in.readLong(),
        Ending.Kind.valueOf(readText(in)),
        readSpan(in),
        readInstant(in),
        readInstant(in),
        readOptionalLong(in),
        readOptionalLsn(in),
        Undone.parse(readText(in)));
  }

  private static OptionalLong readOptionalLong(DataInputStream in) throws IOException {
    boolean present = in.readBoolean();
    long value = in.readLong();
    return present ? OptionalLong.of(value) : OptionalLong.empty();
  }

  private static Optional<Lsn> readOptionalLsn(DataInputStream in) throws IOException {
    boolean present = in.readBoolean();
    long value = in.readLong();
    return present ? Optional.of(new Lsn(value)) : Optional.empty();
  }

  private static void write(EntryOutput out, Span span) {
    out.writeLong(span.begin());
    out.writeLong(span.end());
  }

  private static Span readSpan(DataInputStream in) throws IOException {
    return new Span(in.readLong(), in.readLong());
  }

  private static void write(EntryOutput out, OwnWrites ownWrites) {
    switch (ownWrites) {
      case OwnWrites.None _ -> out.writeByte(OWN_NONE);
      case OwnWrites.UpTo(long transactionId, Lsn upTo) -> {
        out.writeByte(OWN_UP_TO);
        out.writeLong(transactionId);
        out.writeLong(upTo.value());
      }
      case OwnWrites.Unknown(String why) -> {
        out.writeByte(OWN_UNKNOWN);
        write(out, why);
      }
    }
  }

  private static OwnWrites readOwnWrites(DataInputStream in) throws IOException {
    int kind = in.readUnsignedByte();
    return switch (kind) {
      case OWN_NONE -> new OwnWrites.None();
      case OWN_UP_TO -> new OwnWrites.UpTo(in.readLong(), new Lsn(in.readLong()));
      case OWN_UNKNOWN -> new OwnWrites.Unknown(readText(in));
      default -> throw new IOException("no such kind of own writes: " + kind);
    };
  }

  private static void write(EntryOutput out, Question question) {
    write(out, question.sql());
    out.writeInt(question.parameters().size());
    for (Parameter parameter : question.parameters()) {
      out.writeLong(parameter.typeOid());
      writeNullable(out, parameter.text().orElse(null));
      out.writeBoolean(parameter.readable());
    }
    writeSettings(out, question.settings());
  }

  private static void writeSettings(EntryOutput out, SortedMap<String, String> settings) {
    if (settings.isEmpty()) {
      out.writeInt(0);
      return;
    }
    Map<SortedMap<String, String>, byte[]> known = SETTINGS.get();
    if (known.size() >= SETTINGS_KNOWN) {
      known.clear();
    }
    out.write(known.computeIfAbsent(settings, EntryCodec::encodeSettings));
  }

  private static byte[] encodeSettings(SortedMap<String, String> settings) {
    EntryOutput out = new EntryOutput(TYPICAL_BYTES);
    out.writeInt(settings.size());
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      write(out, setting.getKey());
      write(out, setting.getValue());
    }
    return out.toByteArray();
  }

  private static Question readQuestion(DataInputStream in) throws IOException {
    String sql = readText(in);
    List<Parameter> parameters = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      parameters.add(
          new Parameter(in.readLong(), Optional.ofNullable(readNullable(in)), in.readBoolean()));
    }
    TreeMap<String, String> settings = new TreeMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      settings.put(readText(in), readText(in));
    }
    return new Question(sql, parameters, settings);
  }

  private static void write(EntryOutput out, Result result) {
    out.writeInt(result.columns().size());
    for (ResultColumn column : result.columns()) {
      write(out, column.name());
      out.writeLong(column.typeOid());
      out.writeLong(column.tableOid());
      out.writeInt(column.columnNumber());
    }
    out.writeLong(result.rowCount());
    out.writeBoolean(result.complete());
    out.writeBoolean(result.comparable());
    out.writeLong(result.orderedDigest());
    out.writeLong(result.bagDigest());
    out.writeBoolean(result.rows().isPresent());
    List<List<@Nullable String>> rows = result.rows().orElse(List.of());
    out.writeInt(rows.size());
    for (List<@Nullable String> row : rows) {
      out.writeInt(row.size());
      for (String value : row) {
        writeNullable(out, value);
      }
    }
  }

  private static Result readResult(DataInputStream in) throws IOException {
    List<ResultColumn> columns = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      columns.add(new ResultColumn(readText(in), in.readLong(), in.readLong(), in.readInt()));
    }
    return new Result(
        columns,
        in.readLong(),
        in.readBoolean(),
        in.readBoolean(),
        in.readLong(),
        in.readLong(),
        readRows(in));
  }

  private static Optional<List<List<@Nullable String>>> readRows(DataInputStream in)
      throws IOException {
    boolean kept = in.readBoolean();
    List<List<@Nullable String>> rows = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      List<@Nullable String> row = new ArrayList<>();
      for (int cells = in.readInt(); cells > 0; cells--) {
        row.add(readNullable(in));
      }
      rows.add(row);
    }
    return kept ? Optional.of(rows) : Optional.empty();
  }

  private static void write(EntryOutput out, UUID id) {
    out.writeLong(id.getMostSignificantBits());
    out.writeLong(id.getLeastSignificantBits());
  }

  private static UUID readUuid(DataInputStream in) throws IOException {
    return new UUID(in.readLong(), in.readLong());
  }

  private static void write(EntryOutput out, Instant instant) {
    out.writeLong(instant.getEpochSecond());
    out.writeInt(instant.getNano());
  }

  private static Instant readInstant(DataInputStream in) throws IOException {
    return Instant.ofEpochSecond(in.readLong(), in.readInt());
  }

  private static void write(EntryOutput out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String readText(DataInputStream in) throws IOException {
    return text(in, in.readInt());
  }

  private static void writeNullable(EntryOutput out, @Nullable String text) {
    if (text == null) {
      out.writeInt(NO_TEXT);
    } else {
      write(out, text);
    }
  }

  private static @Nullable String readNullable(DataInputStream in) throws IOException {
    int length = in.readInt();
    return length == NO_TEXT ? null : text(in, length);
  }

  private static String text(DataInputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new IOException("a text of " + length + " bytes ends after " + bytes.length);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
