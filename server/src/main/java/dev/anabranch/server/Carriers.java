package dev.anabranch.server;

/**
 * The platform threads that carry virtual ones.
 *
 * <p>A read from a unix socket is a native call that holds its carrier until data comes, and every
 * Postgres of ours is reached that way. With the JDK's default of one carrier for each core, two
 * idle connections would stop everything on a small machine.
 */
final class Carriers {

  private static final String PARALLELISM = "jdk.virtualThreadScheduler.parallelism";
  private static final int ENOUGH = 128;

  private Carriers() {}

  /** Must run before the process's first virtual thread; a person's own choice is left alone. */
  static void provide() {
    if (System.getProperty(PARALLELISM) == null) {
      System.setProperty(PARALLELISM, Integer.toString(ENOUGH));
    }
  }
}
