package dev.anabranch.gateway.wire;

import io.netty.buffer.ByteBuf;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Binary network addresses as Postgres's text.
 *
 * <pre>
 * family (2 or 3), bits, is_cidr, length, address
 * </pre>
 */
final class BinaryAddresses {

  private static final int IPV4 = 2;
  private static final int IPV6 = 3;
  private static final int HEADER = 4;
  private static final int WORDS = 8;

  private BinaryAddresses() {}

  /** inet and cidr. */
  static @Nullable String network(ByteBuf in) {
    if (in.readableBytes() < HEADER) {
      return null;
    }
    int family = in.readByte();
    int bits = in.readUnsignedByte();
    boolean cidr = in.readByte() != 0;
    int length = in.readUnsignedByte();
    int expected = family == IPV4 ? 4 : family == IPV6 ? 16 : -1;
    if (length != expected || in.readableBytes() != expected) {
      return null;
    }
    String address = family == IPV4 ? version4(in) : version6(in);
    return cidr || bits != 8 * length ? address + "/" + bits : address;
  }

  private static String version4(ByteBuf in) {
    return in.readUnsignedByte()
        + "."
        + in.readUnsignedByte()
        + "."
        + in.readUnsignedByte()
        + "."
        + in.readUnsignedByte();
  }

  /** The longest run of two or more zero words is left out, the first of equals. */
  private static String version6(ByteBuf in) {
    int start = in.readerIndex();
    int[] words = new int[WORDS];
    for (int i = 0; i < WORDS; i++) {
      words[i] = in.readUnsignedShort();
    }
    int best = -1;
    int longest = 1;
    for (int i = 0; i < WORDS; i++) {
      int zeros = 0;
      while (i + zeros < WORDS && words[i + zeros] == 0) {
        zeros++;
      }
      if (zeros > longest) {
        best = i;
        longest = zeros;
      }
      i += Math.max(0, zeros - 1);
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < WORDS; i++) {
      if (best >= 0 && i >= best && i < best + longest) {
        text.append(i == best ? ":" : "");
        continue;
      }
      text.append(i > 0 ? ":" : "");
      if (i == 6 && best == 0 && holdsVersion4(words, longest)) {
        return text.append(version4(in.readerIndex(start + 12))).toString();
      }
      text.append(Integer.toHexString(words[i]));
    }
    return text.append(best >= 0 && best + longest == WORDS ? ":" : "").toString();
  }

  private static boolean holdsVersion4(int[] words, int zeros) {
    return zeros == 6 || (zeros == 7 && words[7] != 1) || (zeros == 5 && words[5] == 0xffff);
  }

  /** macaddr and macaddr8. */
  static @Nullable String hardware(ByteBuf in) {
    if (in.readableBytes() != 6 && in.readableBytes() != 8) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    while (in.isReadable()) {
      text.append(text.isEmpty() ? "" : ":");
      text.append(String.format(Locale.ROOT, "%02x", in.readUnsignedByte()));
    }
    return text.toString();
  }
}
