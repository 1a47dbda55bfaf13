package dev.anabranch.cluster;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Signals that Java has no words for, sent by kill(2). Each one a {@code kill} program would cost a
 * process, and branches come and go by the hundred.
 */
@SuppressWarnings("restricted") // calling the system is what this class is for
enum Signal {
  /** Postgres ends its sessions and shuts down cleanly. */
  INTERRUPT(2),
  /** Postgres drops everything. */
  QUIT(3);

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle KILL =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("kill"),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private final int number;

  Signal(int number) {
    this.number = number;
  }

  /** To a process of ours; nothing happens when it has ended already. */
  void send(long pid) {
    try {
      int ignored = (int) KILL.invokeExact(Math.toIntExact(pid), number);
    } catch (Throwable e) {
      throw new LinkageError("calling kill", e);
    }
  }
}
