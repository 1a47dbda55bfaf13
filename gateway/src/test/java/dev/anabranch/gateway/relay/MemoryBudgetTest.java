package dev.anabranch.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Traps;
import dev.anabranch.gateway.wire.BackendDecoder;
import dev.anabranch.gateway.wire.BackendMessage;
import dev.anabranch.gateway.wire.FrontendDecoder;
import dev.anabranch.gateway.wire.FrontendMessage;
import dev.anabranch.gateway.wire.FrontendMessage.BoundValue;
import dev.anabranch.gateway.wire.FrontendMessage.Named;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import io.netty.buffer.Unpooled;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A client can't make the gateway remember without end, and what it forgets is never trusted. */
class MemoryBudgetTest {

  private static final String LONG_TEXT = "SELECT 1 -- " + "x".repeat(1 << 20);

  private final List<Answer> answers = new ArrayList<>();
  private final Recorder recorder =
      new Recorder() {
        @Override
        public void record(Answer answer) {
          answers.add(answer);
        }

        @Override
        public void record(Ending ending) {}
      };
  private final Conversation conversation = conversation();

  private Conversation conversation() {
    Session session =
        new Session(
            new BranchId(1),
            new UUID(0, 1),
            new BranchClock(0, InstantSource.system()),
            true,
            "app",
            "::1",
            new Unsettling(),
            () -> Traps.NONE);
    SessionSettings settings = new SessionSettings(session);
    TextEncoding encoding = new TextEncoding(new FrontendDecoder(), new BackendDecoder());
    return new Conversation(
        session,
        settings,
        new TransactionTracker(session, settings, recorder),
        new AnswerWriter(
            session, settings, encoding, recorder, new CapturedResult.Limits(10, 1000)),
        encoding);
  }

  private void parse(String name, String sql) {
    conversation.asked(new FrontendMessage.Parse(name, sql, List.of(), true));
  }

  private void bind(String portal, String statement) {
    conversation.asked(
        new FrontendMessage.Bind(
            portal,
            statement,
            List.of(),
            List.of(new BoundValue.Bytes(Unpooled.wrappedBuffer(new byte[1 << 16]))),
            List.of(),
            true));
  }

  @Test
  void messagesWithoutAReplyAreBounded() {
    for (int i = 0; i < 1000; i++) {
      parse("", LONG_TEXT);
      bind("", "");
    }
    assertThat(conversation.remembered()).isBetween(MemoryBudget.MOST / 2, MemoryBudget.MOST * 2);
  }

  @Test
  void statementsAndPortalsAreBounded() {
    for (int i = 0; i < 2000; i++) {
      parse("s" + i, LONG_TEXT);
      conversation.replied(new BackendMessage.ParseComplete());
      bind("p" + i, "s" + i);
      conversation.replied(new BackendMessage.BindComplete());
    }
    assertThat(conversation.remembered()).isBetween(MemoryBudget.MOST / 2, MemoryBudget.MOST * 2);
  }

  @Test
  void whatIsGivenBackMakesRoom() {
    for (int i = 0; i < 100; i++) {
      parse("s", LONG_TEXT + i);
      conversation.replied(new BackendMessage.ParseComplete());
      conversation.asked(new FrontendMessage.Close(Named.STATEMENT, "s"));
      conversation.replied(new BackendMessage.CloseComplete());
    }
    parse("s", LONG_TEXT);
    conversation.replied(new BackendMessage.ParseComplete());
    assertThat(conversation.remembered()).isGreaterThan(1 << 20);
  }

  @Test
  void descriptionsAreBounded() {
    for (int i = 0; i < 1000; i++) {
      parse("s", LONG_TEXT + i);
      conversation.replied(new BackendMessage.ParseComplete());
      conversation.asked(new FrontendMessage.Describe(Named.STATEMENT, "s"));
      conversation.replied(new BackendMessage.NoData());
      conversation.asked(new FrontendMessage.Close(Named.STATEMENT, "s"));
      conversation.replied(new BackendMessage.CloseComplete());
    }
    assertThat(conversation.remembered()).isBetween(1L << 20, MemoryBudget.MOST);
  }

  @Test
  void wordsCountWhereTheyTakeMoreThanTheirText() {
    String words =
        IntStream.range(0, 5000)
            .mapToObj(i -> Integer.toString(i + 10_000, 36).replaceAll("^[0-9]", "x"))
            .collect(Collectors.joining(",", "SELECT ", ""));
    for (int i = 0; i < 2000; i++) {
      parse("s" + i, words);
      conversation.replied(new BackendMessage.ParseComplete());
    }
    assertThat(conversation.remembered()).isBetween(MemoryBudget.MOST / 2, MemoryBudget.MOST * 2);
  }
}
