package dev.anabranch.gateway.wire;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The first packet of a connection; it has a length and no type. */
public sealed interface StartupPacket {

  /** Postgres's own limit (MAX_STARTUP_PACKET_LENGTH). */
  int LARGEST_BYTES = 10_000;

  /** The protocol that is spoken with branches, 3.0. */
  int PROTOCOL = 3 << 16;

  /** The newest minor version spoken with clients: 3.2 has longer cancel keys. */
  int NEWEST_MINOR = 2;

  /** The client would like TLS, and goes on without or not at all when the answer is N. */
  record TlsRequest() implements StartupPacket {}

  /** The client would like GSSAPI's encryption; the same. */
  record GssRequest() implements StartupPacket {}

  /** Stop what another connection is doing. */
  record CancelRequest(int processId, ByteBuffer secret) implements StartupPacket {}

  /**
   * The client would like to log in.
   *
   * @param minorVersion of protocol 3; anything above {@link #NEWEST_MINOR} must be negotiated down
   * @param parameters user, database and settings, in the client's order
   */
  record Startup(int minorVersion, Map<String, String> parameters) implements StartupPacket {

    /**
     * @throws AnabranchException REPLICATION_REFUSED when it wants to replicate
     */
    public void refuseReplication() {
      String replication = parameters.getOrDefault("replication", "off");
      if (!List.of("off", "false", "no", "0").contains(replication)) {
        throw new AnabranchException(ErrorCode.REPLICATION_REFUSED, replication);
      }
    }

    /** What the client must be told when it wants more than is spoken here. */
    public Optional<Negotiation> negotiation() {
      List<String> unknownOptions =
          parameters.keySet().stream().filter(name -> name.startsWith("_pq_.")).toList();
      return minorVersion > NEWEST_MINOR || !unknownOptions.isEmpty()
          ? Optional.of(new Negotiation(Math.min(minorVersion, NEWEST_MINOR), unknownOptions))
          : Optional.empty();
    }
  }

  /** What is spoken instead, and which of the options asked for are not known. */
  record Negotiation(int minorVersion, List<String> unknownOptions) {}

  /**
   * Takes one packet off the buffer when it is all there.
   *
   * @throws AnabranchException WIRE_VIOLATION when it can't be a start-up packet
   */
  static Optional<StartupPacket> read(ByteBuf in) {
    if (in.readableBytes() < Integer.BYTES) {
      return Optional.empty();
    }
    int length = in.getInt(in.readerIndex());
    if (length < 8 || length > LARGEST_BYTES) {
      throw new AnabranchException(
          ErrorCode.WIRE_VIOLATION, "a start-up packet of " + length + " bytes");
    }
    if (in.readableBytes() < length) {
      return Optional.empty();
    }
    ByteBuf packet = in.readSlice(length).skipBytes(Integer.BYTES);
    try {
      return Optional.of(decode(packet));
    } catch (IndexOutOfBoundsException e) {
      throw new AnabranchException(
          ErrorCode.WIRE_VIOLATION, e, "a start-up packet that ends too early");
    }
  }

  private static StartupPacket decode(ByteBuf packet) {
    int version = packet.readInt();
    return switch (version) {
      case 80877103 -> new TlsRequest();
      case 80877104 -> new GssRequest();
      case 80877102 -> {
        int processId = packet.readInt();
        byte[] secret = new byte[packet.readableBytes()];
        packet.readBytes(secret);
        yield new CancelRequest(processId, ByteBuffer.wrap(secret));
      }
      default -> {
        if (version >>> 16 != 3) {
          throw new AnabranchException(
              ErrorCode.WIRE_VIOLATION,
              "protocol "
                  + (version >>> 16)
                  + "."
                  + (version & 0xffff)
                  + " is not spoken here, 3.0 and 3.2 are");
        }
        yield new Startup(version & 0xffff, parameters(packet));
      }
    };
  }

  private static Map<String, String> parameters(ByteBuf packet) {
    Map<String, String> parameters = new LinkedHashMap<>();
    while (true) {
      String name = Texts.readCString(packet, StandardCharsets.UTF_8);
      if (name.isEmpty()) {
        return parameters;
      }
      parameters.put(name, Texts.readCString(packet, StandardCharsets.UTF_8));
    }
  }
}
