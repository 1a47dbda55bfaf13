package dev.anabranch.gateway;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

/** Bytes with a few of them changed, lost, doubled or made up, as a seed says. */
final class Mutant {

  private static final int LONGEST_STRETCH = 40;

  /** What tends to matter where it stands: letters of messages, ends of texts, lengths. */
  private static final byte[] TELLING = {
    0, 1, 2, 3, 4, 5, 8, 16, -1, -2, 127, -128, 'Q', 'P', 'B', 'E', 'S', 'X', 'd', 'c', 'f', 'Z',
    'T', 'D', 'C', '1', '2', ';', '\''
  };

  private Mutant() {}

  static byte[] of(byte[] bytes, long seed) {
    Random dice = new Random(seed);
    byte[] mutant = bytes;
    for (int left = 1 + dice.nextInt(3); left > 0 && mutant.length > 0; left--) {
      mutant = once(mutant, dice);
    }
    return mutant;
  }

  private static byte[] once(byte[] bytes, Random dice) {
    int from = dice.nextInt(bytes.length);
    int to = Math.min(bytes.length, from + 1 + dice.nextInt(LONGEST_STRETCH));
    byte[] stretch = Arrays.copyOfRange(bytes, from, to);
    return switch (dice.nextInt(6)) {
      case 0 -> {
        byte[] flipped = bytes.clone();
        flipped[from] ^= (byte) (1 << dice.nextInt(8));
        yield flipped;
      }
      case 1, 2 -> {
        byte[] told = bytes.clone();
        told[from] = TELLING[dice.nextInt(TELLING.length)];
        yield told;
      }
      case 3 -> replaced(bytes, from, to, new byte[0]);
      case 4 -> replaced(bytes, from, from, stretch);
      default -> {
        dice.nextBytes(stretch);
        yield replaced(bytes, from, to, stretch);
      }
    };
  }

  private static byte[] replaced(byte[] bytes, int from, int to, byte[] by) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(bytes, 0, from);
    all.writeBytes(by);
    all.write(bytes, to, bytes.length - to);
    return all.toByteArray();
  }
}
