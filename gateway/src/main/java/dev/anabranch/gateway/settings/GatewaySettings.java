package dev.anabranch.gateway.settings;

import dev.anabranch.base.Traps;
import dev.anabranch.gateway.tls.Encryption;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Where a gateway listens, and how much it takes and keeps.
 *
 * @param listen where clients connect; port 0 takes a free one
 * @param limits what it takes from its clients
 * @param encryption whether the wire is encrypted
 * @param keptRows an answer's rows are kept beside its digests when they are no more than this
 * @param keptChars and no longer than this, all texts together
 * @param traps rules of soundness that tests switch off
 */
public record GatewaySettings(
    InetSocketAddress listen,
    GatewayLimits limits,
    Encryption encryption,
    int keptRows,
    int keptChars,
    Supplier<Traps> traps) {

  /** All but the address as it is by default. */
  public static GatewaySettings on(InetSocketAddress listen) {
    return new GatewaySettings(
        listen, GatewayLimits.usual(), new Encryption.Off(), 100, 16_384, () -> Traps.NONE);
  }

  public GatewaySettings within(UnaryOperator<GatewayLimits> chosen) {
    return new GatewaySettings(
        listen, chosen.apply(limits), encryption, keptRows, keptChars, traps);
  }

  public GatewaySettings withEncryption(Encryption chosen) {
    return new GatewaySettings(listen, limits, chosen, keptRows, keptChars, traps);
  }

  public GatewaySettings withTraps(Supplier<Traps> sprung) {
    return new GatewaySettings(listen, limits, encryption, keptRows, keptChars, sprung);
  }
}
