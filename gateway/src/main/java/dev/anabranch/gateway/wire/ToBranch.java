package dev.anabranch.gateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.Map;

/** Messages that the gateway itself sends to a branch's Postgres. */
public final class ToBranch {

  /**
   * Names that no client would choose, so that a question of the gateway's own disturbs none of the
   * client's.
   */
  private static final String OWN_NAME = "anabranch gateway";

  private ToBranch() {}

  public static ByteBuf startup(ByteBufAllocator allocator, Map<String, String> parameters) {
    ByteBuf out = allocator.buffer(256);
    out.writeInt(0);
    out.writeInt(StartupPacket.PROTOCOL);
    parameters.forEach((name, value) -> {
      Texts.writeCString(out, name);
      Texts.writeCString(out, value);
    });
    out.writeByte(0);
    return out.setInt(0, out.writerIndex());
  }

  public static ByteBuf cancelRequest(ByteBufAllocator allocator, int processId, int secret) {
    return allocator
        .buffer(16)
        .writeInt(16)
        .writeInt(80877102)
        .writeInt(processId)
        .writeInt(secret);
  }

  public static ByteBuf terminate(ByteBufAllocator allocator) {
    return Frames.message(allocator.buffer(8), 'X', out -> {});
  }

  /**
   * Calls of functions without parameters, each of which is a whole message with a ReadyForQuery of
   * its own to end it; what they return is asked for as text. Postgres neither parses nor plans
   * them (PostgreSQL documentation, "Function Call").
   */
  public static ByteBuf functionCalls(ByteBufAllocator allocator, List<Integer> functions) {
    ByteBuf out = allocator.buffer(64);
    for (int function : functions) {
      Frames.message(
          out,
          'F',
          payload -> payload.writeInt(function).writeShort(0).writeShort(0).writeShort(0));
    }
    return out;
  }

  /**
   * Statements of the gateway's own, without parameters, ended by one Sync. Extended protocol under
   * a name of their own, because a simple Query would take away the client's unnamed statement.
   */
  public static ByteBuf questions(ByteBuf out, List<String> statements) {
    for (String sql : statements) {
      Frames.message(
          out,
          'P',
          payload -> {
            Texts.writeCString(payload, OWN_NAME);
            Texts.writeCString(payload, sql);
            payload.writeShort(0);
          });
      Frames.message(
          out,
          'B',
          payload -> {
            Texts.writeCString(payload, OWN_NAME);
            Texts.writeCString(payload, OWN_NAME);
            payload.writeShort(0).writeShort(0).writeShort(0);
          });
      Frames.message(
          out,
          'E',
          payload -> {
            Texts.writeCString(payload, OWN_NAME);
            payload.writeInt(0);
          });
      close(out, 'P');
      close(out, 'S');
    }
    return Frames.message(out, 'S', payload -> {});
  }

  private static void close(ByteBuf out, char kind) {
    Frames.message(
        out,
        'C',
        payload -> {
          payload.writeByte(kind);
          Texts.writeCString(payload, OWN_NAME);
        });
  }
}
