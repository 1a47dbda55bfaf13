package dev.anabranch.gateway;

import dev.anabranch.gateway.tls.Encryption;
import java.net.InetSocketAddress;
import java.util.function.UnaryOperator;

/**
 * Where a gateway listens, and how much it takes and keeps.
 *
 * @param listen where clients connect; port 0 takes a free one
 * @param limits what it takes from its clients
 * @param encryption whether the wire is encrypted
 * @param keptRows an answer's rows are kept beside its digests when they are no more than this
 * @param keptChars and no longer than this, all texts together
 */
public record GatewaySettings(
    InetSocketAddress listen,
    GatewayLimits limits,
    Encryption encryption,
    int keptRows,
    int keptChars) {

  /** All but the address as it is by default. */
  public static GatewaySettings on(InetSocketAddress listen) {
    return new GatewaySettings(listen, GatewayLimits.usual(), new Encryption.Off(), 100, 16_384);
  }

  public GatewaySettings within(UnaryOperator<GatewayLimits> chosen) {
    return new GatewaySettings(listen, chosen.apply(limits), encryption, keptRows, keptChars);
  }

  public GatewaySettings withEncryption(Encryption chosen) {
    return new GatewaySettings(listen, limits, chosen, keptRows, keptChars);
  }
}
