package dev.anabranch.gateway.tls;

import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A key and a certificate for it that nobody but itself vouches for (RFC 5280): it encrypts, and a
 * client that was given the certificate can also tell whom it talks to.
 *
 * <p>Written out here because the JDK can read certificates and not make them.
 *
 * @param certificate as PEM
 * @param key as PEM
 */
record SelfSigned(String certificate, String key) {

  /** Clients don't take a certificate before its time, and clocks differ. */
  private static final Duration LEEWAY = Duration.ofDays(1);

  private static final Duration LIFE = Duration.ofDays(3650);

  private static final String COMMON_NAME = "2.5.4.3";
  private static final String KEY_USAGE = "2.5.29.15";
  private static final String ALTERNATIVE_NAMES = "2.5.29.17";
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";
  private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  /** Digital signatures, and signatures on certificates: this one's own. */
  private static final byte USAGE = (byte) 0x84;

  /** The key stays out of logs. */
  @Override
  public String toString() {
    return "a self-signed certificate";
  }

  /**
   * @param hostNames what clients may call this machine
   * @param addresses where they may find it
   */
  static SelfSigned make(
      List<String> hostNames, List<InetAddress> addresses, Instant now, SecureRandom random)
      throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    KeyPair keys = generator.generateKeyPair();
    byte[] algorithm = Der.sequence(Der.identifier(ECDSA_WITH_SHA256));
    byte[] name =
        Der.sequence(Der.set(Der.sequence(Der.identifier(COMMON_NAME), Der.text("Anabranch"))));
    byte[] toSign =
        Der.sequence(
            Der.part(0, Der.integer(BigInteger.TWO)),
            Der.integer(new BigInteger(127, random).setBit(126)),
            algorithm,
            name,
            Der.sequence(Der.time(now.minus(LEEWAY)), Der.time(now.plus(LIFE))),
            name,
            keys.getPublic().getEncoded(),
            Der.part(3, extensions(hostNames, addresses)));
    byte[] certificate =
        Der.sequence(toSign, algorithm, Der.bits(0, signature(keys.getPrivate(), toSign, random)));
    return new SelfSigned(
        pem("CERTIFICATE", certificate), pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
  }

  private static byte[] extensions(List<String> hostNames, List<InetAddress> addresses) {
    List<byte[]> names = new ArrayList<>();
    hostNames.forEach(
        host -> names.add(Der.plainPart(DNS_NAME, host.getBytes(StandardCharsets.US_ASCII))));
    addresses.forEach(address -> names.add(Der.plainPart(IP_ADDRESS, address.getAddress())));
    return Der.sequence(
        critical(BASIC_CONSTRAINTS, Der.sequence(Der.truth())),
        critical(KEY_USAGE, Der.bits(2, USAGE)),
        Der.sequence(
            Der.identifier(ALTERNATIVE_NAMES),
            Der.octets(Der.sequence(names.toArray(byte[][]::new)))));
  }

  private static byte[] critical(String identifier, byte[] value) {
    return Der.sequence(Der.identifier(identifier), Der.truth(), Der.octets(value));
  }

  private static byte[] signature(PrivateKey key, byte[] bytes, SecureRandom random)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(key, random);
    signature.update(bytes);
    return signature.sign();
  }

  private static String pem(String kind, byte[] bytes) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n";
  }
}
