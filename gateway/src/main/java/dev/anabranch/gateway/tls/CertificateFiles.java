package dev.anabranch.gateway.tls;

import dev.anabranch.base.AnabranchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate and its key in files that somebody renews. They are looked at when a client wants
 * to encrypt, beside its login and not more often than {@link #PAUSE}: a renewed pair is shown from
 * the next login on. A pair that can't be used, such as one of which only half is renewed yet, is
 * not taken, and the one before stays. Safe for any thread.
 */
public final class CertificateFiles implements Supplier<ServerCertificate> {

  static final Duration PAUSE = Duration.ofSeconds(2);

  /** Longer than any look takes, and short enough for differences of times. */
  private static final long NEVER = Duration.ofDays(365).toNanos();

  private static final Logger log = LoggerFactory.getLogger(CertificateFiles.class);

  private final Path chain;
  private final Path key;
  private final AtomicLong nextLookNanos;
  private volatile ServerCertificate current;

  /** Only whoever looks uses it, and there is one at a time. */
  private volatile List<Stamp> seen;

  /** What tells two contents of a file apart, without reading it. */
  private record Stamp(FileTime modified, long size, String file) {}

  private CertificateFiles(Path chain, Path key, List<Stamp> seen, ServerCertificate first) {
    this.chain = chain;
    this.key = key;
    this.seen = seen;
    this.current = first;
    this.nextLookNanos = new AtomicLong(System.nanoTime() + PAUSE.toNanos());
  }

  /**
   * @see ServerCertificate#read
   */
  public static CertificateFiles of(Path chain, Path key) {
    List<Stamp> stamps = stamps(chain, key);
    return new CertificateFiles(chain, key, stamps, ServerCertificate.read(chain, key));
  }

  @Override
  public ServerCertificate get() {
    long due = nextLookNanos.get();
    long now = System.nanoTime();
    if (now - due >= 0 && nextLookNanos.compareAndSet(due, now + NEVER)) {
      Thread.ofPlatform().daemon().name("certificate").start(this::look);
    }
    return current;
  }

  /** By one thread at a time. */
  void look() {
    try {
      List<Stamp> stamps = stamps(chain, key);
      if (!stamps.equals(seen)) {
        seen = stamps;
        current = ServerCertificate.read(chain, key);
        log.info("{} is shown from now on", current);
      }
    } catch (AnabranchException e) {
      log.warn("{} is still shown:{}", current, e.getMessage());
    } finally {
      nextLookNanos.set(System.nanoTime() + PAUSE.toNanos());
    }
  }

  /** Empty when they can't be read now. */
  private static List<Stamp> stamps(Path chain, Path key) {
    try {
      return List.of(stamp(chain), stamp(key));
    } catch (IOException e) {
      return List.of();
    }
  }

  private static Stamp stamp(Path file) throws IOException {
    BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
    return new Stamp(found.lastModifiedTime(), found.size(), String.valueOf(found.fileKey()));
  }
}
