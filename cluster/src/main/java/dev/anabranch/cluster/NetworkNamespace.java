package dev.anabranch.cluster;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * How this process can start others in a network namespace without interfaces. Making a namespace
 * takes the kernel some 10 milliseconds, so where it can be, one is shared.
 */
sealed interface NetworkNamespace {

  /** {@code linux/sched.h}: CLONE_NEWNET. */
  int NEW_NETWORK = 0x40000000;

  List<String> PROGRAM = List.of("unshare", "--user", "--map-current-user", "--net", "--");

  /** Starts it there. */
  Process start(ProcessBuilder builder) throws IOException;

  /**
   * As root: one thread of ours has left for a namespace of its own, and what it starts begins life
   * there (unshare(2)).
   */
  record ByThread(ExecutorService thread) implements NetworkNamespace {
    @Override
    public Process start(ProcessBuilder builder) throws IOException {
      try {
        return thread.submit(builder::start).get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException failed) {
          throw failed;
        }
        throw new IllegalStateException("starting " + builder.command().getFirst(), e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while starting " + builder.command().getFirst(), e);
      }
    }
  }

  /** As anybody else, where users may have namespaces: unshare(1) makes one for each. */
  record ByProgram() implements NetworkNamespace {
    @Override
    public Process start(ProcessBuilder builder) throws IOException {
      List<String> command = new ArrayList<>(PROGRAM);
      command.addAll(builder.command());
      return builder.command(command).start();
    }
  }

  /**
   * Neither is allowed here.
   *
   * @param why a clause
   */
  record Impossible(String why) implements NetworkNamespace {
    @Override
    public Process start(ProcessBuilder builder) throws IOException {
      throw new IOException("no network namespace can be had: " + why);
    }
  }

  /** What this process can do; found out once. */
  static NetworkNamespace here() {
    return Found.HERE;
  }

  /** Holds what was found out. */
  final class Found {

    private static final NetworkNamespace HERE = find();

    private Found() {}
  }

  private static NetworkNamespace find() {
    ExecutorService thread =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("starter-without-network").factory());
    try {
      if (thread.submit(NetworkNamespace::leave).get()) {
        return new ByThread(thread);
      }
    } catch (ExecutionException e) {
      thread.shutdown();
      return new Impossible(String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.shutdown();
    return byProgram();
  }

  /** Takes the calling thread into a new namespace; false when that is not allowed. */
  @SuppressWarnings("restricted") // calling Linux is what it is for
  private static boolean leave() {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("unshare")
        .map(address ->
            linker.downcallHandle(
                address, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)))
        .map(unshare -> {
          try {
            return (int) unshare.invokeExact(NEW_NETWORK) == 0;
          } catch (Throwable e) {
            throw new LinkageError("calling unshare", e);
          }
        })
        .orElse(false);
  }

  private static NetworkNamespace byProgram() {
    List<String> probe = new ArrayList<>(PROGRAM);
    probe.add("true");
    try {
      Program.Outcome outcome = Program.run(probe);
      return outcome.succeeded() ? new ByProgram() : new Impossible(outcome.output().strip());
    } catch (java.io.UncheckedIOException e) {
      return new Impossible("there is no unshare(1) here");
    }
  }
}
