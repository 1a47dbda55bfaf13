package dev.anabranch.gateway.wire;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/** Writes frames whose length is known only once they are written. */
final class Frames {

  private Frames() {}

  static ByteBuf message(ByteBuf out, char type, Consumer<ByteBuf> payload) {
    out.writeByte(type);
    int start = out.writerIndex();
    out.writeInt(0);
    payload.accept(out);
    out.setInt(start, out.writerIndex() - start);
    return out;
  }
}
