package dev.anabranch.server.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names under which this server may be asked. A page on the web that has its own name resolve
 * to our address would come with that name, and is refused; an address can't be made to mean
 * another.
 *
 * @param names in lower case, addresses without brackets
 * @param anyAddress whether every address is one of ours, because we listen on all there are
 */
public record OwnHosts(Set<String> names, boolean anyAddress) {

  private static final Pattern HOST =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)]|([A-Za-z0-9._-]+))(?::[0-9]{1,5})?");
  private static final Pattern IP4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?:\\.(?!$)|$)){4}");

  public OwnHosts {
    names = Set.copyOf(names);
  }

  /**
   * @param listening the address that HTTP listens on
   * @param further other names, as of a proxy
   */
  public static OwnHosts of(String listening, Collection<String> further) {
    Set<String> names = new HashSet<>(Set.of("localhost", "127.0.0.1", "::1"));
    further.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    names.add(unbracketed(listening).toLowerCase(Locale.ROOT));
    boolean all = false;
    try {
      InetAddress[] addresses = InetAddress.getAllByName(unbracketed(listening));
      all = Arrays.stream(addresses).anyMatch(InetAddress::isAnyLocalAddress);
      if (all) {
        names.add(InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT));
      }
    } catch (UnknownHostException e) {
      // listening there fails, or this machine has no name
    }
    return new OwnHosts(names, all);
  }

  private static String unbracketed(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  /** Whether a request with this {@code Host} is meant for us. */
  boolean has(String host) {
    Matcher parts = HOST.matcher(host);
    if (!parts.matches()) {
      return false;
    }
    Optional<String> bracketed = Optional.ofNullable(parts.group(1));
    String name = bracketed.orElseGet(() -> parts.group(2)).toLowerCase(Locale.ROOT);
    return names.contains(name)
        || (anyAddress && (bracketed.isPresent() || IP4.matcher(name).matches()));
  }

  /**
   * Whether a page of this {@code Origin} is one of ours: it has the host and the port that it
   * asks.
   */
  static boolean isOwn(String origin, String host) {
    String lower = origin.toLowerCase(Locale.ROOT);
    return lower.equals("http://" + host.toLowerCase(Locale.ROOT))
        || lower.equals("https://" + host.toLowerCase(Locale.ROOT));
  }
}
