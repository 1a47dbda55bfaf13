package dev.anabranch.gateway.wire;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.gateway.wire.FrontendMessage.BoundValue;
import dev.anabranch.gateway.wire.FrontendMessage.Named;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Turns a client's bytes, cut anywhere, into messages. For one connection, on its event loop. */
public final class FrontendDecoder {

  /** Postgres's own (PQ_SMALL_MESSAGE_LIMIT). */
  private static final int LARGEST_SMALL_MESSAGE = 10_000;

  /** What Postgres keeps of a name (NAMEDATALEN). */
  private static final int NAME_BYTES = 63;

  private static final int LONGEST_CHARACTER_BYTES = 4;
  private static final int LAST_ASCII = 127;

  private final FrameReader frames = new FrameReader();
  private final int longest;
  private OptionalInt tooLong = OptionalInt.empty();
  private Charset charset = StandardCharsets.UTF_8;

  /** One that takes what Postgres takes. */
  public FrontendDecoder() {
    this(FrameReader.LARGEST_FRAME);
  }

  /**
   * @param longest how long a message may be, where Postgres would take longer ones
   */
  public FrontendDecoder(int longest) {
    this.longest = longest;
  }

  /** The length of a message that Postgres would have taken and we don't, once there was one. */
  public OptionalInt tooLong() {
    return tooLong;
  }

  /** Texts from now on are in this encoding. */
  public void charset(Charset newCharset) {
    charset = newCharset;
  }

  /** Whether the last message is complete. */
  public boolean atBoundary() {
    return frames.atBoundary();
  }

  /**
   * Reads all that is there; the buffer's indexes stay as they are. Bytes that Postgres would
   * refuse are told as such, and after a {@link FrontendMessage.Broken} nothing is read any more.
   */
  public void read(ByteBuf bytes, Consumer<FrontendMessage> sink) {
    frames.read(
        bytes.slice(),
        new FrameReader.Sink() {
          @Override
          public boolean wants(byte type) {
            return type != 'd';
          }

          @Override
          public boolean frame(byte type, ByteBuf payload, boolean whole) {
            FrontendMessage message = decode(type, payload, whole);
            if (message instanceof FrontendMessage.Broken) {
              frames.breakOff();
            }
            sink.accept(message);
            return true;
          }

          @Override
          public int largest(byte type) {
            return mayBeLarge(type) ? longest : LARGEST_SMALL_MESSAGE;
          }

          @Override
          public void broken(byte type, int length) {
            if (mayBeLarge(type) && length > longest && length <= FrameReader.LARGEST_FRAME) {
              tooLong = OptionalInt.of(length);
            }
            sink.accept(new FrontendMessage.Broken());
          }
        });
  }

  private static boolean mayBeLarge(byte type) {
    return switch (type) {
      case 'Q', 'P', 'B', 'F', 'd' -> true;
      default -> false;
    };
  }

  private FrontendMessage decode(byte type, ByteBuf in, boolean whole) {
    try {
      return switch (type) {
        case 'Q' -> new FrontendMessage.Query(Texts.readCStringOrRest(in, charset), whole);
        case 'P' -> parse(in, whole);
        case 'B' -> bind(in, whole);
        case 'D' -> new FrontendMessage.Describe(named(in.readByte()), name(in));
        case 'E' -> new FrontendMessage.Execute(name(in), in.readInt());
        case 'C' -> new FrontendMessage.Close(named(in.readByte()), name(in));
        case 'S' -> new FrontendMessage.Sync();
        case 'H' ->
            in.isReadable() ? new FrontendMessage.Unreadable() : new FrontendMessage.Flush();
        case 'F' ->
            new FrontendMessage.FunctionCall(
                in.readableBytes() < Integer.BYTES ? 0 : in.readUnsignedInt());
        case 'd' -> new FrontendMessage.CopyData();
        case 'c', 'f' -> new FrontendMessage.CopyEnd();
        case 'X' -> new FrontendMessage.Terminate();
        case 'p' -> new FrontendMessage.Credentials(Unpooled.copiedBuffer(in));
        default -> new FrontendMessage.Broken();
      };
    } catch (IndexOutOfBoundsException | AnabranchException e) {
      return new FrontendMessage.Unreadable();
    }
  }

  private static Named named(byte kind) {
    return switch (kind) {
      case 'S' -> Named.STATEMENT;
      case 'P' -> Named.PORTAL;
      default ->
          throw new AnabranchException(
              ErrorCode.WIRE_VIOLATION, "neither a statement nor a portal: " + (kind & 0xff));
    };
  }

  /** Of a statement or a portal: Postgres tells them apart by so much of them. */
  private String name(ByteBuf in) {
    String name = Texts.readCString(in, charset);
    return name.length() <= NAME_BYTES ? name : name.substring(0, NAME_BYTES);
  }

  /**
   * Whether Postgres tells this name from every other one that we do: how many bytes it has there
   * hangs on the encoding of its database.
   */
  private static boolean isDistinct(String name) {
    return name.chars().allMatch(c -> c <= LAST_ASCII)
        || (name.length() <= NAME_BYTES / LONGEST_CHARACTER_BYTES && Texts.isFaithful(name));
  }

  private FrontendMessage parse(ByteBuf in, boolean whole) {
    String statement = name(in);
    String sql = Texts.readCStringOrRest(in, charset);
    if (!isDistinct(statement)) {
      return new FrontendMessage.Parse(statement, "", List.of(), false);
    }
    if (!whole) {
      return new FrontendMessage.Parse(statement, sql, List.of(), false);
    }
    int count = in.readUnsignedShort();
    List<Long> types = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      types.add(in.readUnsignedInt());
    }
    return new FrontendMessage.Parse(statement, sql, List.copyOf(types), true);
  }

  private FrontendMessage bind(ByteBuf in, boolean complete) {
    String portal = name(in);
    String statement = name(in);
    boolean whole = complete && isDistinct(portal) && isDistinct(statement);
    if (!whole) {
      return new FrontendMessage.Bind(portal, statement, List.of(), List.of(), List.of(), false);
    }
    List<Integer> parameterFormats = formats(in);
    int count = in.readUnsignedShort();
    List<BoundValue> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = in.readInt();
      if (length < 0) {
        values.add(new BoundValue.Null());
      } else {
        values.add(new BoundValue.Bytes(Unpooled.copiedBuffer(in.readSlice(length))));
      }
    }
    return new FrontendMessage.Bind(
        portal, statement, parameterFormats, List.copyOf(values), formats(in), true);
  }

  private static List<Integer> formats(ByteBuf in) {
    int count = in.readUnsignedShort();
    List<Integer> formats = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      formats.add((int) in.readShort());
    }
    return List.copyOf(formats);
  }
}
