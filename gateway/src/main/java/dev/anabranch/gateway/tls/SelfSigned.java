package dev.anabranch.gateway.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * A key and a certificate for it that nobody but itself vouches for (RFC 5280): it encrypts, and a
 * client that was given the certificate can also tell whom it talks to.
 *
 * @param certificate as PEM
 * @param key as PEM
 */
record SelfSigned(String certificate, String key) {

  /** Clients don't take a certificate before its time, and clocks differ. */
  private static final Duration LEEWAY = Duration.ofDays(1);

  private static final Duration LIFE = Duration.ofDays(3650);
  private static final X500Name NAME = new X500Name("CN=Anabranch");

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
    try {
      X509CertificateHolder certificate =
          new JcaX509v3CertificateBuilder(
                  NAME,
                  new BigInteger(127, random).setBit(126),
                  Date.from(now.minus(LEEWAY)),
                  Date.from(now.plus(LIFE)),
                  NAME,
                  keys.getPublic())
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
              .addExtension(
                  Extension.keyUsage,
                  true,
                  new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyCertSign))
              .addExtension(Extension.subjectAlternativeName, false, names(hostNames, addresses))
              .build(
                  new JcaContentSignerBuilder("SHA256withECDSA")
                      .setSecureRandom(random)
                      .build(keys.getPrivate()));
      return new SelfSigned(
          pem("CERTIFICATE", certificate.getEncoded()),
          pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
    } catch (IOException | OperatorCreationException e) {
      throw new GeneralSecurityException("making a certificate", e);
    }
  }

  private static GeneralNames names(List<String> hostNames, List<InetAddress> addresses) {
    return new GeneralNames(
        Stream.concat(
                hostNames.stream().map(host -> new GeneralName(GeneralName.dNSName, host)),
                addresses.stream()
                    .map(address ->
                        new GeneralName(
                            GeneralName.iPAddress, new DEROctetString(address.getAddress()))))
            .toArray(GeneralName[]::new));
  }

  private static String pem(String kind, byte[] bytes) throws IOException {
    StringWriter text = new StringWriter();
    try (PemWriter pem = new PemWriter(text)) {
      pem.writeObject(new PemObject(kind, bytes));
    }
    return text.toString();
  }
}
