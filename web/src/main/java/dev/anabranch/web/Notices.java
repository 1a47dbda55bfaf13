package dev.anabranch.web;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a page is to say once, after a form has led back to it: no address brings it up again, and
 * nobody can make a link that says something in our name.
 */
final class Notices {

  private static final int MOST = 256;
  private static final int ID_BYTES = 12;

  private final SecureRandom random = new SecureRandom();
  private final Lock lock = new ReentrantLock();
  private final LinkedHashMap<String, String> byId = new LinkedHashMap<>(); // guarded by the lock

  /** The name under which it is told. */
  String keep(String notice) {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    String name = HexFormat.of().formatHex(id);
    lock.lock();
    try {
      byId.putLast(name, notice);
      if (byId.size() > MOST) {
        byId.pollFirstEntry();
      }
    } finally {
      lock.unlock();
    }
    return name;
  }

  /** It, once. */
  Optional<String> take(String name) {
    lock.lock();
    try {
      return Optional.ofNullable(byId.remove(name));
    } finally {
      lock.unlock();
    }
  }
}
