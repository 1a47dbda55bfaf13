package dev.anabranch.gateway.session;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.gateway.tls.Encryption;
import dev.anabranch.gateway.tls.ServerCertificate;
import dev.anabranch.gateway.wire.Outbound;
import dev.anabranch.gateway.wire.ToClient;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * The encryption of one client's connection: none, asked for, or begun with.
 *
 * <pre>
 * client   SSLRequest                 or at once: ClientHello (ALPN postgresql)
 * gateway  S
 * client   ClientHello
 * </pre>
 */
final class ClientTls {

  /** The first byte of a TLS handshake, which is no first byte of any start-up packet's length. */
  private static final byte HANDSHAKE = 0x16;

  private final Channel client;
  private final Encryption encryption;
  private final Executor slow;
  private boolean spoken;
  private boolean direct;
  private Optional<SslHandler> handler = Optional.empty();
  private Optional<ServerCertificate> shown = Optional.empty();

  ClientTls(Channel client, Encryption encryption, Executor slow) {
    this.client = client;
    this.encryption = encryption;
    this.slow = slow;
  }

  /** Whether these first bytes of a connection are TLS already. */
  boolean isBegunBy(ByteBuf bytes) {
    return !spoken
        && encryption.certificate().isPresent()
        && bytes.isReadable()
        && bytes.getByte(bytes.readerIndex()) == HANDSHAKE;
  }

  /** Takes all of the bytes; what they say when decrypted comes through the pipeline. */
  void begin(ByteBuf bytes) {
    direct = true;
    ByteBuf hello = bytes.readBytes(bytes.readableBytes());
    add(encryption.certificate().orElseThrow());
    client.pipeline().fireChannelRead(hello);
  }

  /** The client has sent a packet in the clear, or decrypted. */
  void spoken() {
    spoken = true;
  }

  /**
   * The client asks for TLS.
   *
   * @param ahead what it sent after its request; were it taken as said encrypted, whoever sits
   *     between could put words into the client's mouth
   */
  void asked(ByteBuf ahead) {
    Optional<ServerCertificate> certificate = encryption.certificate();
    if (certificate.isEmpty() || handler.isPresent()) {
      Outbound.send(client, ToClient.noEncryption(client.alloc()));
      return;
    }
    if (ahead.isReadable()) {
      throw new AnabranchException(
          ErrorCode.WIRE_VIOLATION, "unencrypted bytes came after the request for encryption");
    }
    Outbound.send(client, ToClient.encryption(client.alloc()));
    add(certificate.get());
  }

  private void add(ServerCertificate certificate) {
    SslHandler added = certificate.handler(client.alloc(), slow);
    handler = Optional.of(added);
    shown = Optional.of(certificate);
    client.pipeline().addFirst(added);
  }

  /**
   * Refuses a login that must be encrypted and is not.
   *
   * @throws AnabranchException ENCRYPTION_REQUIRED
   */
  void requireIfNeeded() {
    switch (encryption) {
      case Encryption.Required _ -> {
        if (handler.isEmpty()) {
          throw new AnabranchException(ErrorCode.ENCRYPTION_REQUIRED);
        }
      }
      case Encryption.Off _, Encryption.Offered _ -> {}
    }
  }

  void completed(SslHandshakeCompletionEvent handshake) {
    // Else a client of another protocol could be made to talk to this one (ALPACA).
    boolean unnamed = direct && handler.map(SslHandler::applicationProtocol).isEmpty();
    if (!handshake.isSuccess() || unnamed) {
      Outbound.close(client);
    }
  }

  /** What a login on this connection can be bound by. */
  Optional<byte[]> bindingData() {
    return shown.flatMap(ServerCertificate::bindingData);
  }
}
