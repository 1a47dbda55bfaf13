package dev.anabranch.branch.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals passwords for the control database (AES-256-GCM, a nonce of its own for each): they must be
 * told again, so they can't be kept as verifiers, and whoever gets hold of that database or of a
 * copy of it shall not read them. The key is a file in the data directory. Safe for any thread.
 */
public final class PasswordCipher {

  private static final String MARK = "sealed:";
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeySpec key;
  private final SecureRandom random = new SecureRandom();

  private PasswordCipher(byte[] key) {
    this.key = new SecretKeySpec(key, "AES");
  }

  /** With the key that is kept there, which is made when there is none. */
  public static PasswordCipher in(DataLayout home) {
    Path file = home.sealKey();
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      if (!Files.exists(file)) {
        make(file);
      }
      byte[] key = Base64.getDecoder().decode(Files.readString(file).strip());
      if (key.length != KEY_BYTES) {
        throw new IllegalStateException(file + " is no key: remove it, and new passwords are made");
      }
      return new PasswordCipher(key);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          file + " is no key: remove it, and new passwords are made", e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file, e);
    }
  }

  /** Whole or not at all, and never over one that is there. */
  private static void make(Path file) throws IOException {
    byte[] fresh = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(fresh);
    Path aside =
        Files.createTempFile(
            file.toAbsolutePath().getParent(),
            file.getFileName().toString(),
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(
        aside,
        Set.of(Base64.getEncoder().encodeToString(fresh)),
        StandardOpenOption.WRITE,
        StandardOpenOption.SYNC);
    try {
      Files.createLink(file, aside);
    } catch (FileAlreadyExistsException e) {
      // somebody else was first, and theirs counts
    } finally {
      Files.delete(aside);
    }
  }

  /** Only {@link #open} can read it. */
  public String close(String text) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] closed =
          cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(text.getBytes(StandardCharsets.UTF_8));
      byte[] all = Arrays.copyOf(nonce, nonce.length + closed.length);
      System.arraycopy(closed, 0, all, nonce.length, closed.length);
      return MARK + Base64.getEncoder().encodeToString(all);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("sealing a password", e);
    }
  }

  /** Whether a text was sealed, with this key or another. */
  public static boolean isClosed(String text) {
    return text.startsWith(MARK);
  }

  /** What was sealed; a text that never was as it is; nothing when another key sealed it. */
  public Optional<String> open(String text) {
    if (!isClosed(text)) {
      return Optional.of(text);
    }
    try {
      byte[] all = Base64.getDecoder().decode(text.substring(MARK.length()));
      byte[] nonce = Arrays.copyOf(all, NONCE_BYTES);
      byte[] opened =
          cipher(Cipher.DECRYPT_MODE, nonce).doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
      return Optional.of(new String(opened, StandardCharsets.UTF_8));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("opening a sealed password", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }

  @Override
  public String toString() {
    return "a seal";
  }
}
