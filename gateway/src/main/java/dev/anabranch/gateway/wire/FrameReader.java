package dev.anabranch.gateway.wire;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Finds the frames in a stream that may be cut anywhere: a type byte, a length that counts itself,
 * a payload.
 *
 * <p>A frame that lies whole in the bytes at hand is given as a view of them; only frames that are
 * cut are copied, and of those at most {@link #KEPT_BYTES}.
 */
final class FrameReader {

  /** How much of one message is kept while it arrives in pieces; more of it passes by unread. */
  static final int KEPT_BYTES = 16 << 20;

  /** Postgres's own limit for one message (PQ_LARGE_MESSAGE_LIMIT). */
  private static final int LARGEST_FRAME = 0x3fffffff;

  private static final int HEADER_BYTES = 5;

  private final ByteBuf header = Unpooled.buffer(HEADER_BYTES, HEADER_BYTES);
  private ByteBuf kept = Unpooled.EMPTY_BUFFER;
  private byte type;
  private int missing;
  private boolean whole;
  private boolean inFrame;

  /** Takes frames. */
  interface Sink {
    /** Whether a frame's payload is worth keeping until it is complete. */
    boolean wants(byte type);

    /**
     * @param payload readable during the call only
     * @param whole false when the payload was cut or not kept
     */
    void frame(byte type, ByteBuf payload, boolean whole);
  }

  /** Whether the stream stands between two frames. */
  boolean atBoundary() {
    return !inFrame && header.readableBytes() == 0;
  }

  /**
   * Reads all that is there. The buffer's reader index moves; the buffer is not released.
   *
   * @throws AnabranchException WIRE_VIOLATION when a length can't be
   */
  void read(ByteBuf in, Sink sink) {
    while (in.isReadable()) {
      if (inFrame) {
        continueFrame(in, sink);
      } else if (header.readableBytes() == 0 && in.readableBytes() >= HEADER_BYTES) {
        begin(in.readByte(), in.readInt(), in, sink);
      } else {
        in.readBytes(header, Math.min(in.readableBytes(), header.writableBytes()));
        if (header.readableBytes() == HEADER_BYTES) {
          byte headerType = header.readByte();
          int length = header.readInt();
          header.clear();
          begin(headerType, length, in, sink);
        }
      }
    }
  }

  private void begin(byte frameType, int length, ByteBuf in, Sink sink) {
    if (length < 4 || length > LARGEST_FRAME) {
      throw new AnabranchException(
          ErrorCode.WIRE_VIOLATION,
          "a message of type " + (frameType & 0xff) + " with length " + length);
    }
    int payload = length - 4;
    if (in.readableBytes() >= payload) {
      sink.frame(frameType, in.readSlice(payload), true);
      return;
    }
    inFrame = true;
    type = frameType;
    missing = payload;
    whole = sink.wants(frameType);
    kept = whole ? Unpooled.buffer(Math.min(payload, 1 << 16)) : Unpooled.EMPTY_BUFFER;
    continueFrame(in, sink);
  }

  private void continueFrame(ByteBuf in, Sink sink) {
    int available = Math.min(in.readableBytes(), missing);
    int room = whole ? Math.min(available, KEPT_BYTES - kept.readableBytes()) : 0;
    if (room > 0) {
      kept.writeBytes(in, room);
    }
    in.skipBytes(available - room);
    whole &= room == available;
    missing -= available;
    if (missing == 0) {
      inFrame = false;
      ByteBuf payload = kept;
      kept = Unpooled.EMPTY_BUFFER;
      sink.frame(type, payload, whole);
    }
  }
}
