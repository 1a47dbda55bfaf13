package dev.anabranch.check;

/** Who waits for what a thread is doing. A check looks here whether anybody still does. */
@FunctionalInterface
public interface Caller {

  /** The caller of this thread's operation; not bound where nobody can leave. */
  ScopedValue<Caller> CURRENT = ScopedValue.newInstance();

  /** May be asked by any thread, and costs something. */
  boolean waits();
}
