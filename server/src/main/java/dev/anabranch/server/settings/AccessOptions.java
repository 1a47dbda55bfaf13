package dev.anabranch.server.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/**
 * Who HTTP lets in, and under which names.
 *
 * @param token see {@link Setting#TOKEN}
 * @param open see {@link Setting#OPEN}
 * @param names see {@link Setting#HTTP_NAMES}
 */
public record AccessOptions(Optional<String> token, boolean open, List<String> names) {

  public AccessOptions {
    names = List.copyOf(names);
  }

  /** Tokens are wanted, and none is set. */
  public static AccessOptions none() {
    return new AccessOptions(Optional.empty(), false, List.of());
  }

  /** What is wrong with them when HTTP listens on this address, in a sentence. */
  Optional<String> mistake(String host) {
    if (!open) {
      return Optional.empty();
    }
    if (token.isPresent()) {
      return Optional.of("--open wants no token, and --token sets one: give one of them.");
    }
    return isLoopback(host)
        ? Optional.empty()
        : Optional.of(
            "--open lets everybody in who reaches "
                + host
                + ": leave it out, or let HTTP listen on 127.0.0.1.");
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return open ? "open" : "for who has a token";
  }
}
