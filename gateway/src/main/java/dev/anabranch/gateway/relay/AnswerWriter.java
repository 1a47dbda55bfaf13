package dev.anabranch.gateway.relay;

import dev.anabranch.base.Traps.Trap;
import dev.anabranch.gateway.wire.BackendMessage;
import dev.anabranch.gateway.wire.BackendMessage.FieldDescription;
import dev.anabranch.gateway.wire.FrontendMessage;
import dev.anabranch.gateway.wire.FrontendMessage.BoundValue;
import dev.anabranch.gateway.wire.RowDecoder;
import dev.anabranch.gateway.wire.SpellingSettings;
import dev.anabranch.gateway.wire.Texts;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.OwnWrites;
import dev.anabranch.ledger.Parameter;
import dev.anabranch.ledger.Question;
import dev.anabranch.ledger.Refusal;
import dev.anabranch.ledger.Result;
import dev.anabranch.ledger.ResultColumn;
import dev.anabranch.ledger.RowDigest;
import dev.anabranch.ledger.Span;
import dev.anabranch.ledger.Task;
import dev.anabranch.ledger.Told;
import io.netty.buffer.ByteBuf;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts together what the ledger keeps of an answer. */
final class AnswerWriter {

  /** The ledger gives the ids. */
  private static final long NO_ID = 0;

  /** Any text that means the same value will do. */
  private static final SpellingSettings PLAIN =
      SpellingSettings.of(
          Map.of(
              "datestyle", "ISO",
              "timezone", "UTC",
              "bytea_output", "hex",
              "extra_float_digits", "1",
              "intervalstyle", "postgres"));

  private static final String COPY = "COPY ";
  private static final String EXPLAIN = "EXPLAIN";
  private static final String MOVE = "MOVE ";
  private static final RowDigest NO_ROWS = RowDigest.builder().build();
  private static final OwnWrites JUDGED_AS_A_WHOLE =
      new OwnWrites.Unknown("its place among its transaction's writes was not asked for");

  private final Session session;
  private final SessionSettings settings;
  private final TextEncoding encoding;
  private final Recorder recorder;
  private final CapturedResult.Limits limits;

  /** Of the newest result: a statement that is run again has the same. */
  private Form form = Form.of(List.of(), StandardCharsets.UTF_8, SpellingSettings.UNKNOWN);

  /** How a result's rows are to be read, and what is kept of its columns. */
  private record Form(
      List<FieldDescription> fields,
      Charset charset,
      SpellingSettings spelling,
      List<ResultColumn> columns,
      RowDecoder reader) {

    static Form of(List<FieldDescription> fields, Charset charset, SpellingSettings spelling) {
      List<ResultColumn> columns = new ArrayList<>(fields.size());
      for (FieldDescription field : fields) {
        columns.add(
            new ResultColumn(
                field.name(), field.typeOid(), field.tableOid(), field.columnNumber()));
      }
      return new Form(
          fields,
          charset,
          spelling,
          List.copyOf(columns),
          new RowDecoder(fields, charset, spelling));
    }

    boolean isOf(List<FieldDescription> others, Charset itsCharset, SpellingSettings itsSpelling) {
      return charset.equals(itsCharset) && spelling.equals(itsSpelling) && fields.equals(others);
    }
  }

  AnswerWriter(
      Session session,
      SessionSettings settings,
      TextEncoding encoding,
      Recorder recorder,
      CapturedResult.Limits limits) {
    this.session = session;
    this.settings = settings;
    this.encoding = encoding;
    this.recorder = recorder;
    this.limits = limits;
  }

  CapturedResult collect(List<FieldDescription> fields) {
    if (!form.isOf(fields, encoding.charset(), settings.spelling())) {
      form = Form.of(fields, encoding.charset(), settings.spelling());
    }
    return CapturedResult.of(form.columns(), form.reader(), limits);
  }

  CapturedResult undescribed() {
    return CapturedResult.undescribed(limits);
  }

  /**
   * A described statement's columns in the formats that a Bind chose: none means text, one means
   * all alike.
   */
  static List<FieldDescription> withFormats(List<FieldDescription> fields, List<Integer> formats) {
    if (formats.stream().allMatch(format -> format == 0)
        && fields.stream().allMatch(field -> field.format() == 0)) {
      return fields;
    }
    List<FieldDescription> chosen = new ArrayList<>(fields.size());
    for (int i = 0; i < fields.size(); i++) {
      FieldDescription field = fields.get(i);
      chosen.add(
          new FieldDescription(
              field.name(),
              field.tableOid(),
              field.columnNumber(),
              field.typeOid(),
              format(formats, i)));
    }
    return chosen;
  }

  private static int format(List<Integer> formats, int index) {
    return switch (formats.size()) {
      case 0 -> 0;
      case 1 -> formats.getFirst();
      default -> index < formats.size() ? formats.get(index) : 0;
    };
  }

  List<Parameter> parameters(FrontendMessage.Bind bind, List<Long> types) {
    List<Parameter> parameters = new ArrayList<>(bind.values().size());
    for (int i = 0; i < bind.values().size(); i++) {
      long type = i < types.size() ? types.get(i) : 0;
      parameters.add(
          switch (bind.values().get(i)) {
            case BoundValue.Null _ -> new Parameter(type, Optional.empty(), true);
            case BoundValue.Bytes(ByteBuf bytes) ->
                parameter(
                    type,
                    RowDecoder.parameter(
                        bytes,
                        format(bind.parameterFormats(), i),
                        type,
                        encoding.charset(),
                        PLAIN));
          });
    }
    return parameters;
  }

  private static Parameter parameter(long type, Optional<String> text) {
    return new Parameter(type, text, text.isPresent());
  }

  /** What a completed statement told its client, if that counts. */
  Optional<Answer> completed(Transaction transaction, Portal portal, String tag) {
    if (tag.startsWith(MOVE)) {
      return Optional.of(moved(transaction, portal, tag));
    }
    String kept = keptTag(portal, tag);
    Optional<CapturedResult> rows = portal.result();
    if (Told.by(kept) == Told.EFFECT && (rows.isEmpty() || !wants(portal))) {
      return portal.statement().mayWrite()
          ? Optional.of(answer(transaction, portal, effect(portal, tag), kept))
          : Optional.empty();
    }
    if (rows.isEmpty()
        && !portal.described()
        && tag.startsWith("SELECT")
        && portal.statement().startsLikeReading()) {
      rows = Optional.of(undescribed());
    }
    if (kept.startsWith(Told.COPY_TO)) {
      rows.ifPresent(copied -> copied.passed(count(tag)));
    }
    return rows.filter(_ -> wants(portal))
        .map(collected -> answer(transaction, portal, collected, kept, true));
  }

  /**
   * What a statement told of a query whose rows it did not show: how many there were, or less.
   *
   * @param query what {@link Spoken#unshown} says that it read
   */
  Answer unshown(Transaction transaction, Portal query, String tag) {
    CapturedResult rows = undescribed();
    rows.passed(count(tag));
    boolean counted = !tag.equals(EXPLAIN);
    return answer(transaction, query.returning(rows), rows, counted ? tag : "", counted);
  }

  /** A cursor went on over rows, and told how many there were. */
  private Answer moved(Transaction transaction, Portal query, String tag) {
    CapturedResult rows = undescribed();
    rows.passed(count(tag));
    return answer(transaction, query, rows, tag, false);
  }

  /** How what a cursor's query gave is told. */
  Cursors.Tell telling(Transaction transaction) {
    return (query, tag, complete) ->
        tag.startsWith(MOVE)
            ? moved(transaction, query, tag)
            : answer(
                transaction, query, query.result().orElseGet(this::undescribed), tag, complete);
  }

  /** Postgres has one word for rows copied in and out. */
  private static String keptTag(Portal portal, String tag) {
    if (!tag.startsWith(COPY)) {
      return tag;
    }
    return (portal.result().isPresent() ? Told.COPY_TO : Told.COPY_FROM)
        + tag.substring(COPY.length());
  }

  private Result effect(Portal portal, String tag) {
    boolean counted = portal.statement().asksForData();
    return new Result(
        List.of(), count(tag), true, counted, NO_ROWS.ordered(), NO_ROWS.bag(), Optional.empty());
  }

  private static long count(String tag) {
    String number = tag.substring(tag.lastIndexOf(' ') + 1);
    return number.isEmpty() || !Character.isDigit(number.charAt(0)) ? 0 : Long.parseLong(number);
  }

  /** The client got some of its rows and will get no more. */
  void abandoned(Transaction transaction, Portal portal) {
    portal
        .result()
        .filter(rows -> rows.rowCount() > 0 && wants(portal))
        .ifPresent(rows -> write(List.of(answer(transaction, portal, rows, "", false))));
  }

  /** A refusal whose reason may lie in the data or in rights is an answer. */
  Optional<Answer> refused(
      Transaction transaction, Portal portal, BackendMessage.ErrorResponse error) {
    String state = error.sqlState();
    Refusal.Words words =
        new Refusal.Words(
            Texts.legible(error.message()),
            Texts.legible(error.subject()),
            error.context(),
            error.routine());
    if (!Refusal.isAnswer(state, words, portal.statement().isOfRows())) {
      return Optional.empty();
    }
    Result nothing =
        new Result(List.of(), 0, true, true, NO_ROWS.ordered(), NO_ROWS.bag(), Optional.empty());
    return Optional.of(answer(transaction, portal, nothing, Refusal.of(state, words).tag()));
  }

  Answer answer(
      Transaction transaction, Portal portal, CapturedResult rows, String tag, boolean complete) {
    Circumstances meaning = meaning(transaction, portal, tag);
    return answer(transaction, portal, rows.result(complete, meaning.known()), tag, meaning);
  }

  /** What gave the statement its meaning, or why that is not known. */
  private Circumstances meaning(Transaction transaction, Portal portal, String tag) {
    SqlStatement statement = portal.statement();
    Optional<String> why =
        !encoding.readable()
            ? Optional.of("its texts came in a client encoding that is not read here")
            : !Texts.isFaithful(statement.text())
                ? Optional.of("its text has bytes that mean nothing in its client's encoding")
                : transaction.hasForeignSnapshot() && !session.has(Trap.SNAPSHOT_OF_ITS_OWN)
                    ? Optional.of(
                        "it saw what another transaction saw (SET TRANSACTION SNAPSHOT), and it is"
                            + " not known what that was")
                    : tag.equals(EXPLAIN)
                        ? Optional.of("EXPLAIN ANALYZE ran it and did not tell what it wrote")
                        : settings.isReadUnasked(statement)
                            ? Optional.of(
                                "it reads a setting that code which its session ran may have set,"
                                    + " and whose name was not known before")
                            : statement.whyNotAskable();
    return why.map(Circumstances::unknown)
        .orElseGet(() -> portal.circumstances().endedUnder(settings.now()));
  }

  private Answer answer(Transaction transaction, Portal portal, Result result, String tag) {
    return answer(transaction, portal, result, tag, meaning(transaction, portal, tag));
  }

  private Answer answer(
      Transaction transaction, Portal portal, Result result, String tag, Circumstances meaning) {
    String sql = portal.statement().text();
    Task task = settings.task(portal.statement());
    transaction.answered(task);
    Span span = new Span(portal.sent().tick(), session.clock().tick());
    Optional<Instant> withholding = settings.withholdingSince();
    if (withholding.isPresent()) {
      return withheld(transaction, task, span, portal.sent().time(), withholding.get());
    }
    return new Answer(
        NO_ID,
        session.branch(),
        session.id(),
        task,
        transaction.number(),
        transaction.began().tick(),
        span,
        Told.by(tag) == Told.ROWS ? portal.ownWrites() : unlocated(portal.ownWrites()),
        new Question(Texts.legible(sql), portal.parameters(), meaning.settings()),
        result,
        tag,
        portal.sent().time());
  }

  /** It is judged by its whole transaction, so nobody asked for its place. */
  private static OwnWrites unlocated(OwnWrites known) {
    return switch (known) {
      case OwnWrites.None none -> none;
      case OwnWrites.UpTo upTo -> upTo;
      case OwnWrites.Unknown _ -> JUDGED_AS_A_WHOLE;
    };
  }

  /**
   * An answer that the session wants kept out: that it was given is all that is kept, so that work
   * which may rest on it is known to rest on something.
   */
  private Answer withheld(
      Transaction transaction, Task task, Span span, Instant askedAt, Instant since) {
    Answer nothingKnown =
        new Answer(
            NO_ID,
            session.branch(),
            session.id(),
            task,
            transaction.number(),
            transaction.began().tick(),
            span,
            new OwnWrites.Unknown("the session kept it out of the ledger"),
            new Question("", List.of(), Collections.emptySortedMap()),
            new Result(List.of(), 0, true, false, 0, 0, Optional.empty()),
            "",
            askedAt);
    return nothingKnown.withheldSince(since);
  }

  /** Plans and settings are no data. */
  boolean wants(Portal portal) {
    return portal.statement().asksForData();
  }

  void write(List<Answer> answers) {
    answers.forEach(recorder::record);
  }
}
