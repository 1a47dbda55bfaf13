package dev.anabranch.gateway.wire;

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
  static final int LARGEST_FRAME = 0x3fffffff;

  private static final int HEADER_BYTES = 5;

  private final ByteBuf header = Unpooled.buffer(HEADER_BYTES, HEADER_BYTES);
  private ByteBuf kept = Unpooled.EMPTY_BUFFER;
  private byte type;
  private int missing;
  private boolean whole;
  private boolean inFrame;
  private boolean broken;

  /** Takes frames. */
  interface Sink {
    /** Whether a frame's payload is worth keeping until it is complete. */
    boolean wants(byte type);

    /**
     * @param payload readable during the call only
     * @param whole false when the payload was cut or not kept
     * @return whether to read on
     */
    boolean frame(byte type, ByteBuf payload, boolean whole);

    /** The largest length that may be announced. */
    int largest(byte type);

    /** A length that can't be; all that follows is passed over. */
    void broken(byte type, int length);
  }

  /** Whether the stream stands between two frames. */
  boolean atBoundary() {
    return !inFrame && !broken && header.readableBytes() == 0;
  }

  /**
   * Reads all that is there, or up to the frame at which the sink has enough. The buffer's reader
   * index moves; the buffer is not released.
   */
  void read(ByteBuf in, Sink sink) {
    boolean more = true;
    while (more && in.isReadable() && !broken) {
      if (inFrame) {
        more = continueFrame(in, sink);
      } else if (header.readableBytes() == 0 && in.readableBytes() >= HEADER_BYTES) {
        more = begin(in.readByte(), in.readInt(), in, sink);
      } else {
        in.readBytes(header, Math.min(in.readableBytes(), header.writableBytes()));
        if (header.readableBytes() == HEADER_BYTES) {
          byte headerType = header.readByte();
          int length = header.readInt();
          header.clear();
          more = begin(headerType, length, in, sink);
        }
      }
    }
  }

  private boolean begin(byte frameType, int length, ByteBuf in, Sink sink) {
    if (length < 4 || length > sink.largest(frameType)) {
      breakOff(frameType, length, sink);
      return false;
    }
    int payload = length - 4;
    if (in.readableBytes() >= payload) {
      return sink.frame(frameType, in.readSlice(payload), true);
    }
    inFrame = true;
    type = frameType;
    missing = payload;
    whole = sink.wants(frameType);
    kept = whole ? Unpooled.buffer(Math.min(payload, 1 << 16)) : Unpooled.EMPTY_BUFFER;
    return continueFrame(in, sink);
  }

  /** Nothing after this is read. */
  void breakOff() {
    broken = true;
  }

  private void breakOff(byte frameType, int length, Sink sink) {
    breakOff();
    sink.broken(frameType, length);
  }

  private boolean continueFrame(ByteBuf in, Sink sink) {
    int available = Math.min(in.readableBytes(), missing);
    int room = whole ? Math.min(available, KEPT_BYTES - kept.readableBytes()) : 0;
    if (room > 0) {
      kept.writeBytes(in, room);
    }
    in.skipBytes(available - room);
    whole &= room == available;
    missing -= available;
    if (missing > 0) {
      return true;
    }
    inFrame = false;
    ByteBuf payload = kept;
    kept = Unpooled.EMPTY_BUFFER;
    return sink.frame(type, payload, whole);
  }
}
