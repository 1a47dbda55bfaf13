package dev.anabranch.gateway.tls;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The certificate that a gateway shows its clients, with its key. */
public final class ServerCertificate {

  /** What a client that begins with TLS must say that it will speak (ALPN). */
  public static final String PROTOCOL_NAME = "postgresql";

  private static final String MADE_CERTIFICATE = "gateway-certificate.pem";
  private static final String MADE_KEY = "gateway-key.pem";

  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----(?<body>[^-]+)-----END PRIVATE KEY-----");

  private final SslContext context;
  private final X509Certificate certificate;

  private ServerCertificate(SslContext context, X509Certificate certificate) {
    this.context = context;
    this.certificate = certificate;
  }

  /**
   * One that was given.
   *
   * @param chain PEM: the certificate first, and those that vouch for it
   * @param key PEM, PKCS #8, without a password
   * @throws AnabranchException SETTINGS_INVALID when they can't be used
   */
  public static ServerCertificate read(Path chain, Path key) {
    try (InputStream in = Files.newInputStream(chain)) {
      X509Certificate first =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      requirePair(first.getPublicKey(), Files.readString(key));
      ApplicationProtocolConfig protocols =
          new ApplicationProtocolConfig(
              Protocol.ALPN,
              SelectorFailureBehavior.FATAL_ALERT,
              SelectedListenerFailureBehavior.ACCEPT,
              PROTOCOL_NAME);
      SslContext context =
          SslContextBuilder.forServer(chain.toFile(), key.toFile())
              .applicationProtocolConfig(protocols)
              .build();
      return new ServerCertificate(context, first);
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new AnabranchException(
          ErrorCode.SETTINGS_INVALID,
          e,
          " the certificate "
              + chain
              + " with the key "
              + key
              + " can't be used ("
              + e.getMessage()
              + "): give PEM files, the key as PKCS #8 (openssl pkcs8 -topk8 -nocrypt).");
    }
  }

  /** The JDK takes any key with any certificate, and then no client can log in. */
  private static void requirePair(PublicKey published, String pem) throws GeneralSecurityException {
    Matcher body = PRIVATE_KEY.matcher(pem);
    if (!body.find()) {
      throw new InvalidKeyException("the key is in another form");
    }
    PrivateKey own =
        KeyFactory.getInstance(published.getAlgorithm())
            .generatePrivate(
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body.group("body"))));
    boolean pair =
        switch (own) {
          case RSAPrivateKey rsa ->
              published instanceof RSAPublicKey its && its.getModulus().equals(rsa.getModulus());
          case ECPrivateKey ec -> verifies(published, ec, "SHA256withECDSA");
          case EdECPrivateKey ed -> verifies(published, ed, "EdDSA");
          default -> true;
        };
    if (!pair) {
      throw new InvalidKeyException("the key is another certificate's");
    }
  }

  private static boolean verifies(PublicKey published, PrivateKey own, String algorithm)
      throws GeneralSecurityException {
    byte[] something = {1, 2, 3};
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(own);
    signature.update(something);
    byte[] signed = signature.sign();
    signature.initVerify(published);
    signature.update(something);
    return signature.verify(signed);
  }

  /**
   * One that is kept in a directory and made when there is none, or when it has expired.
   *
   * @param listensOn the address that clients connect to, put into it beside the machine's names
   */
  public static ServerCertificate keptIn(Path directory, InetAddress listensOn, Instant now) {
    Path chain = directory.resolve(MADE_CERTIFICATE);
    Path key = directory.resolve(MADE_KEY);
    if (Files.exists(chain) && Files.exists(key)) {
      ServerCertificate kept = read(chain, key);
      if (now.isBefore(kept.certificate.getNotAfter().toInstant())) {
        return kept;
      }
    }
    try {
      SelfSigned made = SelfSigned.make(hostNames(), addresses(listensOn), now, new SecureRandom());
      Files.createDirectories(directory);
      write(key, made.key(), "rw-------");
      write(chain, made.certificate(), "rw-r--r--");
    } catch (IOException | GeneralSecurityException e) {
      throw new AnabranchException(
          ErrorCode.INTERNAL,
          e,
          "no certificate can be made in " + directory + ": " + e.getMessage());
    }
    return read(chain, key);
  }

  private static void write(Path file, String text, String permissions) throws IOException {
    Path fresh =
        Files.createTempFile(
            file.toAbsolutePath().getParent(),
            file.getFileName().toString(),
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static List<String> hostNames() throws IOException {
    List<String> names = new ArrayList<>(List.of("localhost"));
    String own = InetAddress.getLocalHost().getHostName();
    if (own.matches("[A-Za-z0-9._-]+") && !names.contains(own)) {
      names.add(own);
    }
    return names;
  }

  private static List<InetAddress> addresses(InetAddress listensOn) {
    List<InetAddress> addresses =
        new ArrayList<>(List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1")));
    if (!listensOn.isAnyLocalAddress() && !addresses.contains(listensOn)) {
      addresses.add(listensOn);
    }
    return addresses;
  }

  /**
   * Speaks TLS on one connection.
   *
   * @param slow where the computing of handshakes is done
   */
  public SslHandler handler(ByteBufAllocator allocator, Executor slow) {
    return context.newHandler(allocator, slow);
  }

  /**
   * What binds a login to the connection it is made on (RFC 5929, tls-server-end-point): the
   * certificate's digest by its signature's own algorithm, or SHA-256 where that is weaker. Empty
   * where the algorithm has no digest of its own, as Ed25519.
   */
  public Optional<byte[]> bindingData() {
    String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
    int with = algorithm.indexOf("WITH");
    if (with < 0) {
      return Optional.empty();
    }
    String digest =
        switch (algorithm.substring(0, with)) {
          case "MD5", "SHA1", "SHA256" -> "SHA-256";
          case "SHA224" -> "SHA-224";
          case "SHA384" -> "SHA-384";
          case "SHA512" -> "SHA-512";
          default -> "";
        };
    if (digest.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(MessageDigest.getInstance(digest).digest(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new AnabranchException(ErrorCode.INTERNAL, e, "digesting the certificate failed");
    }
  }

  @Override
  public String toString() {
    return "the certificate of " + certificate.getSubjectX500Principal();
  }
}
