package dev.anabranch.gateway.relay;

import dev.anabranch.base.Traps.Trap;
import dev.anabranch.gateway.wire.BackendMessage;
import dev.anabranch.gateway.wire.BackendMessage.FieldDescription;
import dev.anabranch.gateway.wire.FrontendMessage;
import dev.anabranch.gateway.wire.FrontendMessage.Named;
import dev.anabranch.ledger.Answer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Follows what a client asks and what its branch replies, and tells the {@link Recorder} each
 * answer once.
 *
 * <p>Replies come in the order of the messages they belong to, however many the client sent ahead
 * (PostgreSQL documentation, "Message Flow"). After an error in the extended protocol the branch
 * skips to the next Sync, so what was awaited up to there is dropped. Names of statements and
 * portals are looked up when their replies come: only then is it certain what they stand for.
 */
final class Conversation {

  private final Session session;
  private final SessionSettings settings;
  private final TransactionTracker transactions;
  private final AnswerWriter answers;
  private final TextEncoding encoding;

  private final ReplyQueue outstanding = new ReplyQueue();
  private final Map<String, PreparedStatement> statements = new HashMap<>();
  private final Map<String, Portal> portals = new HashMap<>();
  private final Descriptions descriptions = new Descriptions();
  private final AnswerPrediction prediction;
  private final Aftermath aftermath;
  private final Spoken spoken = new Spoken();
  private final Cursors cursors = new Cursors();
  private final MemoryBudget room = new MemoryBudget(this::remembered);
  private Optional<QueryProgress> query = Optional.empty();

  Conversation(
      Session session,
      SessionSettings settings,
      TransactionTracker transactions,
      AnswerWriter answers,
      TextEncoding encoding) {
    this.session = session;
    this.settings = settings;
    this.transactions = transactions;
    this.answers = answers;
    this.encoding = encoding;
    this.prediction = new AnswerPrediction(statements, encoding);
    this.aftermath =
        new Aftermath(
            session.unsettling(),
            spoken,
            cursors,
            answers,
            encoding,
            settings,
            transactions,
            statements,
            this::abandonPortals);
  }

  /** Whether the branch can be asked something without disturbing what the client has begun. */
  boolean isQuiet() {
    return outstanding.isQuiet();
  }

  /**
   * Whether anything that the client waits for may be an answer, or the end of a transaction of
   * which the branch has not said yet which one it is.
   */
  boolean mayAnswer() {
    boolean named = transactions.open().flatMap(Transaction::position).isPresent();
    return outstanding.anyMatch(awaited -> prediction.mayAnswer(awaited, named));
  }

  /** The client said something; to be called before it is passed on. */
  void asked(FrontendMessage message) {
    switch (message) {
      case FrontendMessage.Broken _, FrontendMessage.Credentials _ -> outstanding.broken();
      default -> ExpectedReply.after(message, session.clock(), room).ifPresent(outstanding::asked);
    }
    doubtIfUncertain();
  }

  /** When a reply may belong to another message than it seems to, no answer is to be relied on. */
  private void doubtIfUncertain() {
    if (!outstanding.isCertain()) {
      settings.despair();
    }
  }

  /** How much is remembered of what the client said, in characters. */
  long remembered() {
    return outstanding.weight()
        + descriptions.weight()
        + statements.values().stream().mapToLong(PreparedStatement::weight).sum()
        + portals.values().stream().mapToLong(Portal::weight).sum();
  }

  /** The branch said something. */
  void replied(BackendMessage message) {
    switch (message) {
      case BackendMessage.DataRow row -> dataRow(row);
      case BackendMessage.CommandComplete(String tag) -> complete(tag);
      case BackendMessage.ReadyForQuery(BackendMessage.TransactionStatus status) -> ready(status);
      case BackendMessage.RowDescription(List<FieldDescription> fields) -> described(fields);
      case BackendMessage.NoData _ -> described(List.of());
      case BackendMessage.ParameterDescription(List<Long> types) -> parametersDescribed(types);
      case BackendMessage.ParseComplete _ -> parsed();
      case BackendMessage.BindComplete _ -> bound();
      case BackendMessage.CloseComplete _ -> closed();
      case BackendMessage.PortalSuspended _ -> outstanding.take(ExpectedReply.ExecuteReply.class);
      case BackendMessage.EmptyQuery _ -> emptyQuery();
      case BackendMessage.ErrorResponse error -> failed(error);
      case BackendMessage.CopyIn _ -> copyIn();
      case BackendMessage.CopyOut _ -> copyOut();
      case BackendMessage.FunctionResult _ -> functionReturned();
      case BackendMessage.ParameterStatus(String name, String value) -> parameter(name, value);
      case BackendMessage.CopyPart _, BackendMessage.Asynchronous _ -> {}
      case BackendMessage.AuthenticationOk _,
          BackendMessage.AuthenticationRequest _,
          BackendMessage.BackendKey _ ->
          throw outstanding.lostTrack(message.getClass());
    }
  }

  private void parameter(String name, String value) {
    encoding.parameterChanged(name, value);
    switch (name) {
      case "application_name" -> settings.application(value);
      case "session_authorization" -> settings.user(value);
      // Whatever set it may have set more.
      default -> settings.doubt();
    }
  }

  /** The connection is gone: tells what the client has got of answers that never ended. */
  void lost() {
    boolean unanswered = !isQuiet();
    query.flatMap(QueryProgress::current).ifPresent(this::abandon);
    query.ifPresent(progress -> answers.write(progress.answers()));
    query = Optional.empty();
    abandonPortals();
    transactions.lost(unanswered);
  }

  private void dataRow(BackendMessage.DataRow row) {
    switch (outstanding.headOf(row.getClass())) {
      case ExpectedReply.QueryReply _ ->
          query
              .flatMap(QueryProgress::current)
              .flatMap(Portal::result)
              .ifPresent(rows -> rows.add(row));
      case ExpectedReply.ExecuteReply(String name, Mark sent) -> {
        Portal portal = portal(name, sent);
        if (portal.result().isEmpty()) {
          portal = portal.returning(answers.undescribed());
          portals.put(name, portal);
        }
        portal.result().ifPresent(rows -> rows.add(row));
      }
      case ExpectedReply other -> throw outstanding.lostTrack(other.getClass());
    }
  }

  private Portal portal(String name, Mark sent) {
    Portal known = portals.get(name);
    return known != null ? known : unbound(SqlStatement.unknown(""), sent);
  }

  private Portal unbound(SqlStatement statement, Mark sent) {
    return new Portal(
        statement,
        List.of(),
        List.of(),
        sent,
        transactions.current(sent).visible(),
        settings.now(),
        false,
        Optional.empty());
  }

  private void described(List<FieldDescription> fields) {
    switch (outstanding.headOf(BackendMessage.RowDescription.class)) {
      case ExpectedReply.QueryReply reply ->
          progress(reply)
              .begin(
                  transactions.current(reply.sent()).visible(),
                  settings.now(),
                  portal -> Optional.of(collect(portal.statement(), fields)));
      case ExpectedReply.DescribeReply(Named kind, String name) -> {
        outstanding.take(ExpectedReply.DescribeReply.class);
        switch (kind) {
          case STATEMENT ->
              statements.computeIfPresent(name, (_, statement) -> described(statement, fields));
          case PORTAL -> portals.computeIfPresent(name, (_, portal) -> described(portal, fields));
        }
      }
      case ExpectedReply other -> throw outstanding.lostTrack(other.getClass());
    }
  }

  private PreparedStatement described(PreparedStatement statement, List<FieldDescription> fields) {
    descriptions.learn(statement.statement().text(), statement.declaredTypes(), fields);
    return statement.withFields(fields);
  }

  private Portal described(Portal portal, List<FieldDescription> fields) {
    descriptions.learn(portal.statement().text(), portal.declaredTypes(), fields);
    if (portal.described()) {
      return portal;
    }
    return fields.isEmpty()
        ? portal.returningNothing()
        : portal.returning(collect(portal.statement(), fields));
  }

  private CapturedResult collect(SqlStatement statement, List<FieldDescription> fields) {
    return cursors.rows(statement, fields, answers::collect);
  }

  private QueryProgress progress(ExpectedReply.QueryReply reply) {
    if (query.isEmpty()) {
      query = Optional.of(QueryProgress.of(reply, encoding.standardStrings(), spoken));
    }
    return query.get();
  }

  private void parametersDescribed(List<Long> types) {
    ExpectedReply.DescribeReply describe = outstanding.expect(ExpectedReply.DescribeReply.class);
    statements.computeIfPresent(
        describe.name(), (_, statement) -> statement.withParameterTypes(types));
  }

  private void parsed() {
    if (outstanding.headOf(BackendMessage.ParseComplete.class)
        instanceof ExpectedReply.ForgottenParseReply) {
      outstanding.take(ExpectedReply.ForgottenParseReply.class);
      // Only the unnamed statement can be replaced.
      statements.remove("");
      return;
    }
    ExpectedReply.ParseReply reply = outstanding.take(ExpectedReply.ParseReply.class);
    SqlStatement statement = read(reply);
    List<Long> types = reply.parameterTypes();
    PreparedStatement prepared =
        new PreparedStatement(
            statement, types, types, descriptions.find(statement.text(), types), settings.now());
    spoken.forget(reply.statement());
    if (room.take(prepared.wordsWeight())) {
      statements.put(reply.statement(), prepared);
    } else {
      statements.remove(reply.statement());
    }
  }

  private SqlStatement read(ExpectedReply.ParseReply reply) {
    return SqlText.statements(reply.sql(), encoding.standardStrings())
        .filter(found -> found.size() == 1 && reply.whole())
        .map(List::getFirst)
        .orElseGet(() -> SqlStatement.unknown(reply.sql()));
  }

  private void bound() {
    if (outstanding.headOf(BackendMessage.BindComplete.class)
        instanceof ExpectedReply.ForgottenBindReply(Mark sent)) {
      outstanding.take(ExpectedReply.ForgottenBindReply.class);
      transactions.current(sent);
      Optional.ofNullable(portals.remove("")).ifPresent(this::abandon);
      return;
    }
    ExpectedReply.BindReply reply = outstanding.take(ExpectedReply.BindReply.class);
    Optional.ofNullable(portals.put(reply.bind().portal(), bound(reply))).ifPresent(this::abandon);
  }

  private Portal bound(ExpectedReply.BindReply reply) {
    FrontendMessage.Bind bind = reply.bind();
    Transaction transaction = transactions.current(reply.sent());
    PreparedStatement prepared =
        statements.getOrDefault(
            bind.statement(),
            new PreparedStatement(
                SqlStatement.unknown(""), List.of(), List.of(), Optional.empty(), settings.now()));
    Portal portal =
        new Portal(
            bind.whole() ? prepared.statement() : SqlStatement.unknown(prepared.statement().text()),
            prepared.declaredTypes(),
            answers.parameters(bind, prepared.parameterTypes()),
            reply.sent(),
            transaction.visible(),
            session.has(Trap.PARSED_AS_IT_RUNS)
                ? settings.now()
                : prepared.parsedUnder().runUnder(settings.now()),
            prepared.fields().isPresent(),
            prepared
                .fields()
                .filter(fields -> !fields.isEmpty())
                .map(fields ->
                    collect(
                        prepared.statement(),
                        AnswerWriter.withFormats(fields, bind.resultFormats()))));
    return spoken.meant(portal, encoding.standardStrings());
  }

  private void closed() {
    ExpectedReply.CloseReply reply = outstanding.take(ExpectedReply.CloseReply.class);
    switch (reply.kind()) {
      case STATEMENT -> statements.remove(reply.name());
      case PORTAL -> Optional.ofNullable(portals.remove(reply.name())).ifPresent(this::abandon);
    }
  }

  /** Portals end with their transaction. */
  private void abandonPortals() {
    portals.values().forEach(this::abandon);
    portals.clear();
    transactions.open().map(answers::telling).map(cursors::end).ifPresent(answers::write);
  }

  /** The client read some of it and will not read the rest. */
  private void abandon(Portal portal) {
    if (portal.result().isPresent() && !portal.statement().isFetch()) {
      answers.abandoned(transactions.current(portal.sent()), portal);
    }
  }

  private void complete(String tag) {
    ExpectedReply head = outstanding.headOf(BackendMessage.CommandComplete.class);
    outstanding.completed();
    switch (head) {
      case ExpectedReply.QueryReply reply -> {
        QueryProgress progress = progress(reply);
        Transaction transaction = transactions.current(reply.sent());
        Portal portal =
            progress
                .current()
                .orElseGet(() ->
                    progress.begin(transaction.visible(), settings.now(), _ -> Optional.empty()));
        progress.completed(completed(transaction, portal, tag));
        answers.write(progress.spilled());
        aftermath.of(portal, tag, transaction, reply.sent());
      }
      case ExpectedReply.ExecuteReply(String name, Mark sent) -> {
        Transaction transaction = transactions.current(sent);
        Portal portal = portal(name, sent);
        answers.write(completed(transaction, portal, tag));
        portals.put(name, portal.returningNothing());
        aftermath.of(portal, tag, transaction, sent);
      }
      case ExpectedReply other -> throw outstanding.lostTrack(other.getClass());
    }
  }

  private List<Answer> completed(Transaction transaction, Portal portal, String tag) {
    return cursors
        .fetched(portal, tag, answers.telling(transaction))
        .or(() ->
            spoken
                .unshown(portal, tag, encoding.standardStrings())
                .map(query -> List.of(answers.unshown(transaction, query, tag))))
        .orElseGet(() -> answers.completed(transaction, portal, tag).stream().toList());
  }

  private void emptyQuery() {
    switch (outstanding.headOf(BackendMessage.EmptyQuery.class)) {
      case ExpectedReply.ExecuteReply _ -> outstanding.take(ExpectedReply.ExecuteReply.class);
      case ExpectedReply.QueryReply reply -> progress(reply);
      case ExpectedReply other -> throw outstanding.lostTrack(other.getClass());
    }
  }

  /**
   * What a function returned is an answer, to a question that is no SQL and can't be asked again.
   */
  private void functionReturned() {
    ExpectedReply.FunctionReply call = outstanding.expect(ExpectedReply.FunctionReply.class);
    Transaction transaction = transactions.current(call.sent());
    Portal portal =
        new Portal(
            SqlStatement.unknown(SqlStatement.FUNCTION_CALL + call.function()),
            List.of(),
            List.of(),
            call.sent(),
            transaction.visible(),
            settings.now(),
            true,
            Optional.empty());
    CapturedResult value = answers.undescribed();
    value.passed(1);
    if (answers.wants(portal)) {
      answers.write(List.of(answers.answer(transaction, portal, value, "FUNCTION CALL", true)));
    }
    transaction.wrote();
    settings.codeMaySet();
    settings.codeRan(List.of());
    transaction.codeRan();
  }

  private void failed(BackendMessage.ErrorResponse error) {
    Optional<ExpectedReply> failing = outstanding.head();
    transactions.open().ifPresent(Transaction::fail);
    if (!error.severity().equals("ERROR") || failing.isEmpty()) {
      // Not about anything asked: the branch is about to end the session.
      return;
    }
    switch (failing.get()) {
      case ExpectedReply.QueryReply reply -> {
        Transaction transaction = transactions.current(reply.sent());
        transaction.fail();
        QueryProgress progress = progress(reply);
        progress.fail();
        progress.current().ifPresent(this::abandon);
        Portal portal = progress.failing(transaction.visible(), settings.now());
        answers.refused(transaction, portal, error).ifPresent(progress::refused);
        aftermath.ofFailed(portal, transaction);
      }
      case ExpectedReply.ExecuteReply(String name, Mark sent) -> {
        Portal portal = portal(name, sent);
        Optional.ofNullable(portals.remove(name)).ifPresent(this::abandon);
        refused(portal, error);
      }
      case ExpectedReply.ParseReply reply -> refused(unbound(read(reply), reply.sent()), error);
      case ExpectedReply.BindReply reply -> refused(bound(reply), error);
      case ExpectedReply.SyncReply(Mark sent) -> refused(unbound(SqlText.COMMIT, sent), error);
      case ExpectedReply.ForgottenParseReply _,
          ExpectedReply.ForgottenBindReply _,
          ExpectedReply.DescribeReply _,
          ExpectedReply.CloseReply _,
          ExpectedReply.Refusal _,
          ExpectedReply.FunctionReply _,
          ExpectedReply.CopyInEnd _,
          ExpectedReply.CopyInRows _,
          ExpectedReply.PerhapsReady _ -> {}
    }
    outstanding.failed(error.sqlState().startsWith("57"));
    doubtIfUncertain();
  }

  /** What the client is refused may lie in the data, and is an answer then. */
  private void refused(Portal portal, BackendMessage.ErrorResponse error) {
    Transaction transaction = transactions.current(portal.sent());
    transaction.fail();
    answers.refused(transaction, portal, error).ifPresent(answer -> answers.write(List.of(answer)));
  }

  private void copyIn() {
    switch (outstanding.headOf(BackendMessage.CopyIn.class)) {
      case ExpectedReply.ExecuteReply _ -> outstanding.copyInBegan();
      case ExpectedReply.QueryReply reply -> {
        progress(reply);
        outstanding.copyInBegan();
      }
      case ExpectedReply other -> throw outstanding.lostTrack(other.getClass());
    }
  }

  private void copyOut() {
    switch (outstanding.headOf(BackendMessage.CopyOut.class)) {
      case ExpectedReply.QueryReply reply ->
          progress(reply)
              .begin(
                  transactions.current(reply.sent()).visible(),
                  settings.now(),
                  _ -> Optional.of(answers.undescribed()));
      case ExpectedReply.ExecuteReply(String name, Mark sent) ->
          portals.put(name, portal(name, sent).returning(answers.undescribed()));
      case ExpectedReply other -> throw outstanding.lostTrack(other.getClass());
    }
  }

  private void ready(BackendMessage.TransactionStatus status) {
    Optional<ExpectedReply> ended = outstanding.ready(query.isPresent());
    if (ended.isEmpty()) {
      return;
    }
    Mark sent =
        switch (ended.get()) {
          case ExpectedReply.QueryReply reply -> {
            answers.write(progress(reply).answers());
            query = Optional.empty();
            yield reply.sent();
          }
          case ExpectedReply.SyncReply(Mark syncSent) -> syncSent;
          case ExpectedReply.FunctionReply(long _, Mark callSent) -> callSent;
          case ExpectedReply other -> throw outstanding.lostTrack(other.getClass());
        };
    switch (status) {
      case IDLE -> {
        abandonPortals();
        transactions.idle(sent);
      }
      case IN_TRANSACTION -> transactions.current(sent).makeExplicit();
      case FAILED -> {
        transactions.current(sent).makeExplicit();
        transactions.current(sent).fail();
      }
    }
  }
}
