package dev.anabranch.ledger;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Bytes of an entry while it is being written down. What {@link java.io.DataOutputStream} writes,
 * without its locks: this is done once and again for each answer, and on the gateway's event loops.
 */
final class EntryOutput {

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes;
  private int length;

  EntryOutput(int capacity) {
    this.bytes = new byte[capacity];
  }

  void writeByte(int value) {
    require(1);
    bytes[length] = (byte) value;
    length++;
  }

  void writeBoolean(boolean value) {
    writeByte(value ? 1 : 0);
  }

  void writeInt(int value) {
    require(Integer.BYTES);
    INT.set(bytes, length, value);
    length += Integer.BYTES;
  }

  void writeLong(long value) {
    require(Long.BYTES);
    LONG.set(bytes, length, value);
    length += Long.BYTES;
  }

  void write(byte[] value) {
    require(value.length);
    System.arraycopy(value, 0, bytes, length, value.length);
    length += value.length;
  }

  private void require(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), bytes.length << 1));
    }
  }

  int length() {
    return length;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }
}
