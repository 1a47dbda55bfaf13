package dev.anabranch.gateway.relay;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.gateway.settings.GatewayLimits;
import dev.anabranch.gateway.settings.GatewaySettings;
import dev.anabranch.gateway.wire.BackendDecoder;
import dev.anabranch.gateway.wire.BackendMessage;
import dev.anabranch.gateway.wire.BackendMessage.TransactionStatus;
import dev.anabranch.gateway.wire.FrontendDecoder;
import dev.anabranch.gateway.wire.Outbound;
import dev.anabranch.gateway.wire.ToBranch;
import dev.anabranch.gateway.wire.ToClient;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Ledger.Entry;
import dev.anabranch.ledger.LedgerQueue;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A logged-in client and its branch's Postgres, both on one event loop, on which all of this runs.
 *
 * <p>Bytes are passed on as they come, and read before they are sent on. From the client, so that a
 * statement's tick is older than the statement; from the branch, so that an answer is in the
 * ledger's journal before the client can act on it. The one exception is a question of the
 * gateway's own, put between two of the client's messages: while it is out, what more the client
 * sends is held, and what the branch replies is not the client's.
 *
 * <p>Either side is read only while the other takes what it is sent and the ledger has room.
 */
public final class Relay {

  private static final Logger log = LoggerFactory.getLogger(Relay.class);

  /** Half-close timeout: how long a branch that does not reply has a client that ended. */
  private static final Duration LAST_PATIENCE = Duration.ofSeconds(10);

  private final Channel client;
  private final Channel branch;
  private final Session session;
  private final LedgerQueue ledger;
  private final FrontendDecoder fromClient;
  private final BackendDecoder fromBranch = new BackendDecoder();
  private final SessionSettings settings;
  private final TextEncoding encoding;
  private final TransactionTracker transactions;
  private final Conversation conversation;
  private final GatewayLimits limits;
  private final IdleTimer idleness;

  private final ArrayDeque<ByteBuf> held = new ArrayDeque<>();
  private final List<Runnable> whenOwnQuestionEnds = new ArrayList<>();
  private final List<Runnable> whenEnded = new ArrayList<>();
  private Optional<AnabranchException> draining = Optional.empty();
  private Optional<PositionProbe> ownQuestion = Optional.empty();
  private TransactionStatus status = TransactionStatus.IDLE;
  private boolean ledgerFull;
  private boolean clientFinished;

  /** Whether what the client was sent so far ends with the end of a message. */
  private boolean clientAtBoundary = true;

  private boolean ended;

  public Relay(
      Channel client, Channel branch, Session session, LedgerQueue ledger, GatewaySettings chosen) {
    this.limits = chosen.limits();
    this.fromClient = new FrontendDecoder(limits.messageBytes());
    this.idleness =
        new IdleTimer(client.eventLoop(), limits.idle(), this::isIdle, this::idleTooLong);
    this.client = client;
    this.branch = branch;
    this.session = session;
    this.settings = new SessionSettings(session);
    this.ledger = ledger;
    Recorder recorder =
        new Recorder() {
          @Override
          public void record(Answer answer) {
            offer(new Entry.AnswerGiven(answer));
          }

          @Override
          public void record(Ending ending) {
            offer(new Entry.TransactionEnded(ending));
          }
        };
    this.encoding = new TextEncoding(fromClient, fromBranch);
    this.transactions = new TransactionTracker(session, settings, recorder);
    AnswerWriter answers =
        new AnswerWriter(
            session,
            settings,
            encoding,
            recorder,
            new CapturedResult.Limits(chosen.keptRows(), chosen.keptChars()));
    this.conversation = new Conversation(session, settings, transactions, answers, encoding);
  }

  /** Settings that the client chose when it logged in. */
  public void startedWith(Map<String, String> startupParameters) {
    settings.set(SettingNames.startedWith(startupParameters));
  }

  /** A parameter that the branch reported before the relay began. */
  public void parameter(BackendMessage.ParameterStatus parameter) {
    conversation.replied(parameter);
  }

  /** Learns the session's settings, and then lets the client in. */
  public void begin(Runnable letIn) {
    whenOwnQuestionEnds.add(letIn);
    idleness.begin();
    ask(settings.questions(false));
  }

  /** Takes over the buffer. */
  public void clientSent(ByteBuf bytes) {
    idleness.heard();
    if (ended) {
      bytes.release();
    } else if (ownQuestion.isPresent()) {
      held.add(bytes);
      regulate();
    } else {
      passToBranch(bytes);
    }
  }

  private void passToBranch(ByteBuf bytes) {
    boolean between = transactions.wantPosition() && isBetweenMessages();
    fromClient.read(bytes, conversation::asked);
    OptionalInt tooLong = fromClient.tooLong();
    if (tooLong.isPresent()) {
      bytes.release();
      end(
          new AnabranchException(
              ErrorCode.MESSAGE_TOO_LONG, tooLong.getAsInt(), limits.messageBytes()));
      return;
    }
    if (between && (conversation.mayAnswer() || !fromClient.atBoundary())) {
      // It goes ahead of what the client says and saves a round trip.
      PositionProbe question = PositionProbe.of(transactions, List.of(), encoding.charset());
      ownQuestion = Optional.of(question);
      Outbound.queue(branch, question.write(branch.alloc()));
    }
    Outbound.send(branch, bytes);
  }

  /**
   * The client will say nothing more, but may still read. As a Postgres of its own would, the
   * branch does all that was asked before it hears of it.
   */
  public void clientFinished() {
    clientFinished = true;
    if (ended) {
      Outbound.close(client);
    } else {
      finishBranch();
    }
  }

  private void finishBranch() {
    if (held.isEmpty()) {
      Outbound.finish(branch);
    } else {
      // What the client said last waits for a reply to the gateway, but not for one that never
      // comes.
      var _ = client.eventLoop().schedule(this::lost, LAST_PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  /** Takes over the buffer. */
  public void branchSent(ByteBuf bytes) {
    idleness.heard();
    if (ended) {
      bytes.release();
      return;
    }
    try {
      if (ownQuestion.isPresent()) {
        bytes.skipBytes(fromBranch.readWhile(bytes, this::repliedToUs));
      }
      if (bytes.isReadable() && !ended) {
        fromBranch.read(bytes, this::repliedToClient);
        clientAtBoundary = fromBranch.atBoundary();
        Outbound.send(client, bytes.retain());
        askIfQuiet();
        endIfDrained();
      }
    } catch (RuntimeException e) {
      // Whatever is wrong with what the branch says concerns this session only.
      log.error("A session is ended because its branch can't be understood", e);
      end(
          "XX000",
          "The gateway lost track of what the branch replied, and ends the session: "
              + e.getMessage());
    } finally {
      bytes.release();
    }
  }

  private void repliedToClient(BackendMessage message) {
    if (message instanceof BackendMessage.ReadyForQuery(TransactionStatus now)) {
      status = now;
    }
    conversation.replied(message);
  }

  /**
   * Asks what is not known of the session, if now is a moment when that disturbs nobody. Where a
   * transaction that goes on stands can wait until its client says something that hangs on it.
   */
  private void askIfQuiet() {
    boolean now = transactions.hasUnlocatedEnd() || settings.wantAsking();
    if (now && isBetweenMessages()) {
      ask(settings.wantAsking() ? settings.questions(status != TransactionStatus.IDLE) : List.of());
    }
  }

  /** Whether the branch can be asked something that disturbs nobody. */
  private boolean isBetweenMessages() {
    return !clientFinished
        && status != TransactionStatus.FAILED
        && conversation.isQuiet()
        && fromClient.atBoundary()
        && fromBranch.atBoundary();
  }

  private void ask(List<String> aboutSettings) {
    PositionProbe question = PositionProbe.of(transactions, aboutSettings, encoding.charset());
    ownQuestion = Optional.of(question);
    Outbound.send(branch, question.write(branch.alloc()));
  }

  /** Whether the branch has more to say to it. */
  private boolean repliedToUs(BackendMessage message) {
    switch (message) {
      case BackendMessage.DataRow row -> ownQuestion.ifPresent(question -> question.row(row));
      case BackendMessage.FunctionResult value ->
          ownQuestion.ifPresent(question -> question.value(value));
      case BackendMessage.ErrorResponse error -> {
        ownQuestion.ifPresent(PositionProbe::fail);
        if (!error.severity().equals("ERROR")) {
          Outbound.send(client, ToClient.fatal(client.alloc(), error.sqlState(), error.message()));
        }
      }
      case BackendMessage.Asynchronous asynchronous ->
          Outbound.send(client, ToClient.asynchronous(client.alloc(), asynchronous));
      case BackendMessage.ParameterStatus parameter -> {
        conversation.replied(parameter);
        Outbound.send(
            client, ToClient.parameterStatus(client.alloc(), parameter.name(), parameter.value()));
      }
      case BackendMessage.ReadyForQuery(TransactionStatus now) -> {
        status = now;
        if (ownQuestion.map(PositionProbe::ready).orElse(true)) {
          concludeOwnQuestion();
          return false;
        }
      }
      case BackendMessage.AuthenticationOk _,
          BackendMessage.AuthenticationRequest _,
          BackendMessage.BackendKey _,
          BackendMessage.RowDescription _,
          BackendMessage.NoData _,
          BackendMessage.ParameterDescription _,
          BackendMessage.CommandComplete _,
          BackendMessage.PortalSuspended _,
          BackendMessage.EmptyQuery _,
          BackendMessage.ParseComplete _,
          BackendMessage.BindComplete _,
          BackendMessage.CloseComplete _,
          BackendMessage.CopyIn _,
          BackendMessage.CopyOut _,
          BackendMessage.CopyPart _ -> {}
    }
    return true;
  }

  private void concludeOwnQuestion() {
    boolean kept = settings.withholdingSince().isEmpty();
    boolean answered =
        ownQuestion
            .map(question -> question.conclude(transactions, settings, session.clock().now()))
            .orElse(false);
    if (!answered) {
      log.warn(
          "A branch did not tell where its session stands; answers given meanwhile can't be"
              + " compared");
    }
    if (session.recorded() && kept && settings.withholdingSince().isPresent()) {
      log.info(
          "Session {} on branch {} keeps its answers out of the ledger from here; that it got them"
              + " is recorded",
          session.id(),
          session.branch());
    }
    ownQuestion = Optional.empty();
    if (answered && settings.wantAsking() && isBetweenMessages()) {
      // What was told gives more to ask for.
      ask(settings.questions(status != TransactionStatus.IDLE));
      return;
    }
    List<Runnable> waiting = List.copyOf(whenOwnQuestionEnds);
    whenOwnQuestionEnds.clear();
    waiting.forEach(Runnable::run);
    if (!held.isEmpty()) {
      passOnHeld();
    }
    endIfDrained();
  }

  private void passOnHeld() {
    while (ownQuestion.isEmpty() && !held.isEmpty() && !ended) {
      passToBranch(held.remove());
    }
    if (clientFinished && held.isEmpty() && !ended) {
      Outbound.finish(branch);
    }
    regulate();
  }

  /** Runs an action once no question of the gateway's own is out; on the event loop. */
  public void afterOwnQuestion(Runnable action) {
    if (ownQuestion.isPresent()) {
      whenOwnQuestionEnds.add(action);
    } else {
      action.run();
    }
  }

  private void offer(Entry.Heard entry) {
    if (!session.recorded() || ledger.offer(entry) || ledgerFull) {
      return;
    }
    ledgerFull = true;
    regulate();
    ledger.whenRoom(() ->
        client
            .eventLoop()
            .execute(() -> {
              ledgerFull = false;
              regulate();
            }));
  }

  /** Reads each side only while what comes can go somewhere. */
  public void regulate() {
    client.config().setAutoRead(!ledgerFull && held.isEmpty() && branch.isWritable());
    branch.config().setAutoRead(!ledgerFull && client.isWritable());
  }

  /** Whether nothing is being done for the client, be it in a transaction or not. */
  private boolean isIdle() {
    return ownQuestion.isEmpty() && conversation.isQuiet() && fromClient.atBoundary();
  }

  private void idleTooLong() {
    end(
        new AnabranchException(
            ErrorCode.SESSION_IDLE, limits.idle().map(Duration::toSeconds).orElse(0L)));
  }

  /** Ends the session as soon as no transaction is under way, and then runs an action. */
  public void drain(AnabranchException failure, Runnable then) {
    if (ended) {
      then.run();
      return;
    }
    whenEnded.add(then);
    draining = Optional.of(failure);
    endIfDrained();
  }

  private void endIfDrained() {
    if (draining.isPresent() && !ended && isIdle() && status == TransactionStatus.IDLE) {
      end(draining.get());
    }
  }

  /** Either side is gone: closes the other. */
  public void lost() {
    if (ended) {
      return;
    }
    finish();
    sayLast(client.alloc().buffer(0));
    Outbound.close(branch);
    whenEnded.forEach(Runnable::run);
  }

  private void sayLast(ByteBuf bytes) {
    if (clientFinished) {
      Outbound.sendAndClose(client, bytes);
    } else {
      Outbound.sendAndLinger(client, bytes);
    }
  }

  /** Ends the session with a numbered failure. */
  public void end(AnabranchException failure) {
    end(failure.code().sqlState(), String.valueOf(failure.getMessage()));
  }

  private void end(String sqlState, String sentence) {
    if (ended) {
      return;
    }
    finish();
    // Amid a message it would be read as part of that.
    sayLast(
        clientAtBoundary
            ? ToClient.fatal(client.alloc(), sqlState, sentence)
            : client.alloc().buffer(0));
    Outbound.sendAndClose(branch, ToBranch.terminate(branch.alloc()));
    whenEnded.forEach(Runnable::run);
  }

  private void finish() {
    ended = true;
    held.forEach(ByteBuf::release);
    held.clear();
    conversation.lost();
    List<Runnable> waiting = List.copyOf(whenOwnQuestionEnds);
    whenOwnQuestionEnds.clear();
    ownQuestion = Optional.empty();
    waiting.forEach(Runnable::run);
    idleness.end();
  }
}
