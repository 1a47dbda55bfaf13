package dev.anabranch.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Bytes may be cut anywhere, and may be anything. */
class DecoderTest {

  private static ByteBuf clientConversation() {
    ByteBuf out = Unpooled.buffer();
    Frames.message(out, 'Q', p -> Texts.writeCString(p, "SELECT 1"));
    Frames.message(
        out,
        'P',
        p -> {
          Texts.writeCString(p, "s");
          Texts.writeCString(p, "SELECT $1, $2");
          p.writeShort(2).writeInt(23).writeInt(0);
        });
    Frames.message(
        out,
        'B',
        p -> {
          Texts.writeCString(p, "");
          Texts.writeCString(p, "s");
          p.writeShort(2).writeShort(1).writeShort(0);
          p.writeShort(2).writeInt(4).writeInt(42).writeInt(-1);
          p.writeShort(1).writeShort(1);
        });
    Frames.message(
        out,
        'E',
        p -> {
          Texts.writeCString(p, "");
          p.writeInt(7);
        });
    Frames.message(out, 'S', p -> {});
    Frames.message(out, 'd', p -> p.writeBytes(new byte[300]));
    return Frames.message(out, 'X', p -> {});
  }

  private static List<FrontendMessage> decode(ByteBuf bytes, int cut) {
    FrontendDecoder decoder = new FrontendDecoder();
    List<FrontendMessage> messages = new ArrayList<>();
    decoder.read(bytes.slice(0, cut), messages::add);
    decoder.read(bytes.slice(cut, bytes.readableBytes() - cut), messages::add);
    assertThat(decoder.atBoundary()).isTrue();
    return messages;
  }

  @Test
  void aConversationReadsTheSameWhereverItIsCut() {
    ByteBuf bytes = clientConversation();
    List<FrontendMessage> whole = decode(bytes, 0);
    assertThat(whole).hasSize(7);
    assertThat(whole.getFirst()).isEqualTo(new FrontendMessage.Query("SELECT 1", true));
    for (int cut = 1; cut < bytes.readableBytes(); cut++) {
      assertThat(decode(bytes, cut)).as("cut at %s", cut).isEqualTo(whole);
    }
  }

  @Test
  void aConversationReadsTheSameByteByByte() {
    ByteBuf bytes = clientConversation();
    FrontendDecoder decoder = new FrontendDecoder();
    List<FrontendMessage> messages = new ArrayList<>();
    for (int i = 0; i < bytes.readableBytes(); i++) {
      decoder.read(bytes.slice(i, 1), messages::add);
    }
    assertThat(messages).isEqualTo(decode(bytes, 0));
  }

  @Test
  void aMessageTooLongToKeepPassesByCut() {
    FrontendDecoder decoder = new FrontendDecoder();
    List<FrontendMessage> messages = new ArrayList<>();
    byte[] chunk = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
    int chunks = FrameReader.KEPT_BYTES / chunk.length + 2;
    decoder.read(
        Unpooled.buffer().writeByte('Q').writeInt(4 + chunks * chunk.length), messages::add);
    for (int i = 0; i < chunks; i++) {
      decoder.read(Unpooled.wrappedBuffer(chunk), messages::add);
    }
    assertThat(messages).hasSize(1);
    assertThat(messages.getFirst())
        .isInstanceOfSatisfying(
            FrontendMessage.Query.class,
            query -> {
              assertThat(query.whole()).isFalse();
              assertThat(query.sql()).hasSizeLessThanOrEqualTo(FrameReader.KEPT_BYTES);
            });
    assertThat(decoder.atBoundary()).isTrue();
  }

  @Test
  void afterAnImpossibleLengthNothingIsRead() {
    FrontendDecoder decoder = new FrontendDecoder();
    List<FrontendMessage> messages = new ArrayList<>();
    decoder.read(Unpooled.buffer().writeByte('Q').writeInt(3), messages::add);
    decoder.read(Unpooled.buffer().writeByte('S').writeInt(4), messages::add);
    assertThat(messages).containsExactly(new FrontendMessage.Broken());
    assertThat(decoder.atBoundary()).isFalse();
  }

  @Property
  void anyBytesAreMessagesGoodOrBad(@ForAll @Size(max = 200) byte[] bytes) {
    assertReadable(Unpooled.wrappedBuffer(bytes));
  }

  @Property
  void anyPayloadOfAKnownTypeIsAMessageGoodOrBad(
      @ForAll
          @net.jqwik.api.constraints.Chars({
            'Q', 'P', 'B', 'D', 'E', 'C', 'S', 'F', 'd', 'c', 'f', 'p', 'X'
          })
          char type,
      @ForAll @Size(max = 60) byte[] payload) {
    ByteBuf frame = Unpooled.buffer();
    Frames.message(frame, type, p -> p.writeBytes(payload));
    assertReadable(frame);
  }

  /** Also in pieces, which must make no difference. */
  private static void assertReadable(ByteBuf bytes) {
    List<String> atOnce = new ArrayList<>();
    new FrontendDecoder().read(bytes, message -> atOnce.add(kind(message)));
    List<String> inPieces = new ArrayList<>();
    FrontendDecoder decoder = new FrontendDecoder();
    for (int i = 0; i < bytes.readableBytes(); i++) {
      decoder.read(bytes.slice(i, 1), message -> inPieces.add(kind(message)));
    }
    assertThat(inPieces).isEqualTo(atOnce);
  }

  private static String kind(FrontendMessage message) {
    return message.getClass().getSimpleName();
  }

  @Property
  void anyBytesAreAStartUpPacketOrAViolation(@ForAll @Size(max = 100) byte[] bytes) {
    try {
      assertThat(StartupPacket.read(Unpooled.wrappedBuffer(bytes))).isNotNull();
    } catch (AnabranchException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.WIRE_VIOLATION);
    }
  }
}
