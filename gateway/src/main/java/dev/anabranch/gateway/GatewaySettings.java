package dev.anabranch.gateway;

import dev.anabranch.gateway.tls.Encryption;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Where a gateway listens, and how much it takes and keeps.
 *
 * @param listen where clients connect; port 0 takes a free one
 * @param connectionLimit connections at one time
 * @param loginLimit how long a client may take to prove who it is, and a running branch to let it
 *     in
 * @param encryption whether the wire is encrypted
 * @param keptRows an answer's rows are kept beside its digests when they are no more than this
 * @param keptChars and no longer than this, all texts together
 */
public record GatewaySettings(
    InetSocketAddress listen,
    int connectionLimit,
    Duration loginLimit,
    Encryption encryption,
    int keptRows,
    int keptChars) {

  /** All but the address as it is by default. */
  public static GatewaySettings on(InetSocketAddress listen) {
    return new GatewaySettings(
        listen, 1000, Duration.ofMinutes(1), new Encryption.Off(), 100, 16_384);
  }

  public GatewaySettings withConnectionLimit(int limit) {
    return new GatewaySettings(listen, limit, loginLimit, encryption, keptRows, keptChars);
  }

  public GatewaySettings withLoginLimit(Duration limit) {
    return new GatewaySettings(listen, connectionLimit, limit, encryption, keptRows, keptChars);
  }

  public GatewaySettings withEncryption(Encryption chosen) {
    return new GatewaySettings(listen, connectionLimit, loginLimit, chosen, keptRows, keptChars);
  }
}
