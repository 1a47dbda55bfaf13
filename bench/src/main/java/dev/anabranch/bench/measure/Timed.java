package dev.anabranch.bench.measure;

/**
 * What was done, and when.
 *
 * @param result what came of it
 * @param from {@link System#nanoTime} when it began
 * @param to when it was done
 */
public record Timed<T>(T result, long from, long to) {

  private static final double NANOS_PER_SECOND = 1e9;

  /** Something that takes its time. */
  public interface Work<T> {
    T run() throws Exception;
  }

  public static <T> Timed<T> of(Work<T> work) throws Exception {
    long from = System.nanoTime();
    T result = work.run();
    return new Timed<>(result, from, System.nanoTime());
  }

  public long nanos() {
    return to - from;
  }

  public double seconds() {
    return nanos() / NANOS_PER_SECOND;
  }
}
