package dev.anabranch.gateway.relay;

import dev.anabranch.gateway.wire.BackendMessage.FieldDescription;
import dev.anabranch.gateway.wire.FrontendMessage;
import dev.anabranch.gateway.wire.FrontendMessage.BoundValue;
import dev.anabranch.gateway.wire.RowReader;
import dev.anabranch.gateway.wire.SpellingSettings;
import dev.anabranch.gateway.wire.Texts;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.OwnWrites;
import dev.anabranch.ledger.Parameter;
import dev.anabranch.ledger.Question;
import dev.anabranch.ledger.Result;
import dev.anabranch.ledger.ResultColumn;
import dev.anabranch.ledger.Span;
import io.netty.buffer.ByteBuf;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Puts together what the ledger keeps of an answer. */
final class AnswerWriter {

  /** The ledger gives the ids. */
  private static final long NO_ID = 0;

  private final Session session;
  private final SessionSettings settings;
  private final TextEncoding encoding;
  private final Recorder recorder;
  private final Collected.Limits limits;

  /** Of the newest result: a statement that is run again has the same. */
  private Form form = Form.of(List.of(), StandardCharsets.UTF_8, SpellingSettings.UNKNOWN);

  /** How a result's rows are to be read, and what is kept of its columns. */
  private record Form(
      List<FieldDescription> fields,
      Charset charset,
      SpellingSettings spelling,
      List<ResultColumn> columns,
      RowReader reader) {

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
          new RowReader(fields, charset, spelling));
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
      Collected.Limits limits) {
    this.session = session;
    this.settings = settings;
    this.encoding = encoding;
    this.recorder = recorder;
    this.limits = limits;
  }

  Collected collect(List<FieldDescription> fields) {
    if (!form.isOf(fields, encoding.charset(), settings.spelling())) {
      form = Form.of(fields, encoding.charset(), settings.spelling());
    }
    return Collected.of(form.columns(), form.reader(), limits);
  }

  Collected undescribed() {
    return Collected.undescribed(limits);
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
                    RowReader.parameter(
                        bytes,
                        format(bind.parameterFormats(), i),
                        type,
                        encoding.charset(),
                        settings.spelling()));
          });
    }
    return parameters;
  }

  private static Parameter parameter(long type, Optional<String> text) {
    return new Parameter(type, text, text.isPresent());
  }

  Answer answer(
      Transaction transaction, Portal portal, Collected rows, String tag, boolean complete) {
    String sql = portal.statement().text();
    boolean trusted =
        settings.known()
            && encoding.readable()
            && Texts.isFaithful(sql)
            && !portal.statement().leansOnSession();
    transaction.answered();
    Span span = new Span(portal.sent().tick(), session.clock().tick());
    Optional<Instant> withholding = settings.withholdingSince();
    if (withholding.isPresent()) {
      return withheld(transaction, span, portal.sent().time(), withholding.get());
    }
    return new Answer(
        NO_ID,
        session.branch(),
        session.id(),
        settings.task(),
        transaction.number(),
        transaction.began().tick(),
        span,
        portal.ownWrites(),
        // Settings that are not known are not guessed at.
        new Question(
            Texts.legible(sql),
            portal.parameters(),
            trusted ? settings.values() : Collections.emptySortedMap()),
        rows.result(complete, trusted),
        tag,
        portal.sent().time());
  }

  /**
   * An answer that the session wants kept out: that it was given is all that is kept, so that work
   * which may rest on it is known to rest on something.
   */
  private Answer withheld(Transaction transaction, Span span, Instant askedAt, Instant since) {
    Answer nothingKnown =
        new Answer(
            NO_ID,
            session.branch(),
            session.id(),
            settings.task(),
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
