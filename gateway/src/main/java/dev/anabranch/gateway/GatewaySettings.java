package dev.anabranch.gateway;

import java.net.InetSocketAddress;

/**
 * Where a gateway listens, and how much it takes and keeps.
 *
 * @param listen where clients connect; port 0 takes a free one
 * @param connectionLimit connections at one time
 * @param keptRows an answer's rows are kept beside its digests when they are no more than this
 * @param keptChars and no longer than this, all texts together
 */
public record GatewaySettings(
    InetSocketAddress listen, int connectionLimit, int keptRows, int keptChars) {

  public static GatewaySettings on(InetSocketAddress listen) {
    return new GatewaySettings(listen, 1000, 100, 16_384);
  }
}
