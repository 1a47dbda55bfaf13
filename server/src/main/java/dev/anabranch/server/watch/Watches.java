package dev.anabranch.server.watch;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.branch.Branch;
import dev.anabranch.check.Caller;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** The branches that somebody watches, each by one {@link Watch} however many listen. */
public final class Watches implements AutoCloseable {

  /** Each keeps a thread and a connection of the server's. */
  static final int MOST_LISTENERS = 500;

  private final Watched watched;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<BranchId, Watch> watches = new HashMap<>(); // guarded by the lock
  private int listeners; // guarded by the lock
  private boolean closed; // guarded by the lock

  /**
   * @param clock tells when an answer turns by itself
   */
  public Watches(Watched watched, InstantSource clock) {
    this.watched = watched;
    this.clock = clock;
  }

  /**
   * Begins to tell of a branch's verdicts, all of them first.
   *
   * @param caller whether who wants to know is still there
   * @throws AnabranchException BRANCH_UNKNOWN, STREAM_LIMIT
   */
  public Listener listen(BranchName name, Caller caller) {
    return listen(watched.get(name), caller, false);
  }

  /**
   * The same for somebody who listens for good, whoever else does: less often, and a branch that
   * sleeps is seldom woken for it.
   */
  public Listener follow(Branch branch) {
    return listen(branch, () -> true, true);
  }

  private Listener listen(Branch branch, Caller caller, boolean patient) {
    lock.lock();
    try {
      if (!patient && listeners >= MOST_LISTENERS) {
        throw new AnabranchException(ErrorCode.STREAM_LIMIT, MOST_LISTENERS);
      }
      Watch watch = watches.get(branch.id());
      boolean first = watch == null;
      Watch joined = watch == null ? new Watch(branch, watched, clock, this::forget) : watch;
      Listener listener = new Listener(caller, patient, gone -> leave(joined, gone));
      if (closed) {
        listener.close();
        return listener;
      }
      listeners += patient ? 0 : 1;
      joined.add(listener);
      if (first) {
        watches.put(branch.id(), joined);
        joined.start();
      }
      return listener;
    } finally {
      lock.unlock();
    }
  }

  private void leave(Watch watch, Listener listener) {
    lock.lock();
    try {
      if (watch.remove(listener)) {
        listeners -= listener.isPatient() ? 0 : 1;
        if (watch.isUnheard()) {
          forget(watch);
          watch.stop();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Who asks for the branch from now on gets a watch of its own. */
  private void forget(Watch watch) {
    lock.lock();
    try {
      watches.values().removeIf(known -> known == watch);
    } finally {
      lock.unlock();
    }
  }

  /** How many streams are open. */
  public int listeners() {
    lock.lock();
    try {
      return listeners;
    } finally {
      lock.unlock();
    }
  }

  /** How many branches are watched. */
  public int branches() {
    lock.lock();
    try {
      return watches.size();
    } finally {
      lock.unlock();
    }
  }

  /** Nobody is told anything more. */
  @Override
  public void close() {
    List<Watch> all;
    lock.lock();
    try {
      closed = true;
      all = new ArrayList<>(watches.values());
    } finally {
      lock.unlock();
    }
    all.forEach(Watch::closeListeners);
  }
}
