package dev.anabranch.gateway.wire;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.gateway.wire.BackendMessage.FieldDescription;
import dev.anabranch.gateway.wire.BackendMessage.TransactionStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Turns a branch's bytes, cut anywhere, into messages. For one connection, on its event loop. */
public final class BackendDecoder {

  private static final int MOST_KEPT_OF_A_DESCRIPTION = 1024;

  private final FrameReader frames = new FrameReader();
  private Charset charset = StandardCharsets.UTF_8;

  /** The newest description of rows, and its bytes: a statement that is run again has the same. */
  private ByteBuf describedBy = Unpooled.EMPTY_BUFFER;

  private BackendMessage.RowDescription described = new BackendMessage.RowDescription(List.of());

  /** Texts from now on are in this encoding. */
  public void charset(Charset newCharset) {
    charset = newCharset;
    describedBy = Unpooled.EMPTY_BUFFER;
  }

  public boolean atBoundary() {
    return frames.atBoundary();
  }

  /**
   * Reads all that is there; the buffer's indexes stay as they are.
   *
   * @throws AnabranchException INTERNAL when the bytes are no messages
   */
  public void read(ByteBuf bytes, Consumer<BackendMessage> sink) {
    int _ =
        readWhile(
            bytes,
            message -> {
              sink.accept(message);
              return true;
            });
  }

  /**
   * Reads until the sink has enough; the buffer's indexes stay as they are.
   *
   * @param sink says of each message whether to read on
   * @return how many bytes were read
   * @throws AnabranchException INTERNAL when the bytes are no messages
   */
  public int readWhile(ByteBuf bytes, Predicate<BackendMessage> sink) {
    ByteBuf in = bytes.slice();
    frames.read(
        in,
        new FrameReader.Sink() {
          @Override
          public boolean wants(byte type) {
            return type != 'd';
          }

          @Override
          public boolean frame(byte type, ByteBuf payload, boolean whole) {
            return sink.test(decode(type, payload, whole));
          }

          @Override
          public int largest(byte type) {
            return FrameReader.LARGEST_FRAME;
          }

          @Override
          public void broken(byte type, int length) {
            throw new AnabranchException(
                ErrorCode.INTERNAL,
                "the branch sent a message of type " + (type & 0xff) + " with length " + length);
          }
        });
    return in.readerIndex();
  }

  private BackendMessage decode(byte type, ByteBuf in, boolean whole) {
    return switch (type) {
      case 'D' -> new BackendMessage.DataRow(in, whole);
      case 'C' -> new BackendMessage.CommandComplete(Texts.readCString(in, charset));
      case 'Z' -> new BackendMessage.ReadyForQuery(status(in.readByte()));
      case 'T' -> rowDescriptionAsBefore(in);
      case '1' -> new BackendMessage.ParseComplete();
      case '2' -> new BackendMessage.BindComplete();
      case '3' -> new BackendMessage.CloseComplete();
      case 'n' -> new BackendMessage.NoData();
      case 't' -> parameterDescription(in);
      case 's' -> new BackendMessage.PortalSuspended();
      case 'I' -> new BackendMessage.EmptyQuery();
      case 'E' -> error(in);
      case 'N', 'A' -> new BackendMessage.Asynchronous(type, in);
      case 'S' ->
          new BackendMessage.ParameterStatus(
              Texts.readCString(in, charset), Texts.readCString(in, charset));
      case 'K' -> new BackendMessage.BackendKey(in.readInt(), in.readInt());
      case 'R' -> authentication(in.readInt());
      case 'G' -> new BackendMessage.CopyIn();
      case 'H' -> new BackendMessage.CopyOut();
      case 'd', 'c' -> new BackendMessage.CopyPart();
      case 'V' -> new BackendMessage.FunctionResult(in);
      default ->
          throw new AnabranchException(
              ErrorCode.INTERNAL,
              "the branch sent a message of type " + (type & 0xff) + ", which is not known.");
    };
  }

  private static BackendMessage authentication(int kind) {
    return kind == 0
        ? new BackendMessage.AuthenticationOk()
        : new BackendMessage.AuthenticationRequest(kind);
  }

  private static TransactionStatus status(byte letter) {
    return switch (letter) {
      case 'I' -> TransactionStatus.IDLE;
      case 'T' -> TransactionStatus.IN_TRANSACTION;
      default -> TransactionStatus.FAILED;
    };
  }

  private BackendMessage rowDescriptionAsBefore(ByteBuf in) {
    if (!in.isReadable() || !describedBy.equals(in)) {
      ByteBuf bytes =
          in.readableBytes() <= MOST_KEPT_OF_A_DESCRIPTION
              ? Unpooled.copiedBuffer(in)
              : Unpooled.EMPTY_BUFFER;
      described = rowDescription(in);
      describedBy = bytes;
    }
    return described;
  }

  private BackendMessage.RowDescription rowDescription(ByteBuf in) {
    int count = in.readUnsignedShort();
    List<FieldDescription> fields = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String name = Texts.readCString(in, charset);
      long table = in.readUnsignedInt();
      int column = in.readShort();
      long type = in.readUnsignedInt();
      in.skipBytes(Short.BYTES + Integer.BYTES);
      fields.add(new FieldDescription(name, table, column, type, in.readShort()));
    }
    return new BackendMessage.RowDescription(List.copyOf(fields));
  }

  private static BackendMessage parameterDescription(ByteBuf in) {
    int count = in.readUnsignedShort();
    List<Long> types = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      types.add(in.readUnsignedInt());
    }
    return new BackendMessage.ParameterDescription(List.copyOf(types));
  }

  private BackendMessage error(ByteBuf in) {
    Map<Byte, String> fields = new HashMap<>();
    for (byte field = in.readByte(); field != 0; field = in.readByte()) {
      fields.put(field, Texts.readCString(in, charset));
    }
    return new BackendMessage.ErrorResponse(
        fields.getOrDefault((byte) 'V', ""),
        fields.getOrDefault((byte) 'C', ""),
        fields.getOrDefault((byte) 'M', ""),
        fields.getOrDefault((byte) 'n', fields.getOrDefault((byte) 'c', "")),
        fields.getOrDefault((byte) 'W', ""),
        fields.getOrDefault((byte) 'R', ""));
  }
}
