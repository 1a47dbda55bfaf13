package dev.anabranch.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.cluster.Trees;
import dev.anabranch.gateway.WireClient.Message;
import dev.anabranch.gateway.tls.CertificateFiles;
import dev.anabranch.gateway.tls.Encryption;
import dev.anabranch.gateway.tls.ServerCertificate;
import dev.anabranch.testkit.Await;
import dev.anabranch.testkit.TemporaryPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that want their wire encrypted, and clients that must. */
@Tag("postgres")
class TlsTest {

  private final Path directory = TemporaryPostgres.temporaryDirectory("anabranch-tls-");
  private final ServerCertificate certificate =
      ServerCertificate.keptIn(directory, InetAddress.getLoopbackAddress(), Instant.now());
  private final Path trusted = directory.resolve("gateway-certificate.pem");

  @AfterEach
  void clear() throws IOException {
    Trees.delete(directory);
  }

  private GatewayUnderTest offering() {
    return new GatewayUnderTest(
        settings -> settings.withEncryption(new Encryption.Offered(() -> certificate)),
        WireScript.SCHEMA);
  }

  private GatewayUnderTest requiring() {
    return new GatewayUnderTest(
        settings -> settings.withEncryption(new Encryption.Required(() -> certificate)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"postgres", "direct"})
  void aDriverVerifiesTheCertificateAndBindsItsLoginToIt(String negotiation) throws Exception {
    try (GatewayUnderTest gateway = requiring();
        Connection connection =
            gateway.connect(
                "sslmode",
                "verify-full",
                "sslrootcert",
                trusted.toString(),
                "sslNegotiation",
                negotiation,
                "channelBinding",
                "require");
        Statement statement = connection.createStatement()) {
      long length = 0;
      try (ResultSet rows =
          statement.executeQuery("SELECT repeat('x', 1000) FROM generate_series(1, 20000)")) {
        while (rows.next()) {
          length += rows.getString(1).length();
        }
      }
      assertThat(length).isEqualTo(20_000_000);
      assertThat(gateway.answers()).hasSize(1);
    }
  }

  @Test
  void whoeverMustEncryptAndDoesNotIsTold() {
    try (GatewayUnderTest gateway = requiring()) {
      assertThatThrownBy(() -> gateway.connect("sslmode", "disable"))
          .isInstanceOfSatisfying(
              SQLException.class,
              e -> {
                assertThat(e.getSQLState()).isEqualTo("28000");
                assertThat(e.getMessage()).contains("sslmode=require");
              });
    }
  }

  @Test
  void whereEncryptionIsOfferedNobodyMustTakeIt() throws Exception {
    try (GatewayUnderTest gateway = offering();
        Connection connection = gateway.connect("sslmode", "disable")) {
      assertThat(connection.isValid(5)).isTrue();
    }
  }

  @Test
  void whereThereIsNoneItIsDeclined() {
    try (GatewayUnderTest gateway = new GatewayUnderTest()) {
      assertThatThrownBy(() -> gateway.connect("sslmode", "require"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("SSL");
    }
  }

  @Test
  void wordsPutBehindTheRequestForEncryptionAreNotHeard() throws Exception {
    try (GatewayUnderTest gateway = offering();
        WireClient client = new WireClient(gateway.port())) {
      client.write(
          WireClient.concat(WireClient.int32(8), WireClient.int32(80877103), WireClient.int32(8)));
      Message reply = client.read();
      assertThat(reply.type()).isEqualTo('E');
      assertThat(reply.text()).contains("08P01");
    }
  }

  @Test
  void directEncryptionMustNameTheProtocol() throws Exception {
    try (GatewayUnderTest gateway = offering()) {
      try (SSLSocket named = direct(gateway, "postgresql");
          WireClient client = new WireClient(named)) {
        assertThat(client.login()).isNotEmpty();
      }
      assertThatThrownBy(
              () -> {
                try (SSLSocket unnamed = direct(gateway);
                    WireClient client = new WireClient(unnamed)) {
                  client.login();
                }
              })
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> direct(gateway, "http/1.1")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void scriptsGetTheSameRepliesEncrypted() throws Exception {
    try (GatewayUnderTest gateway = offering()) {
      String twin = gateway.twin();
      long ownOids = gateway.nextOid();
      for (long seed = 1; seed <= 12; seed++) {
        byte[] words = WireScript.of(seed).words();
        List<Message> plain;
        try (WireClient client = gateway.directWire(twin)) {
          plain = client.converse(words);
        }
        try (SSLSocket socket = direct(gateway, "postgresql");
            WireClient client = new WireClient(socket)) {
          client.login();
          assertThat(client.converse(words).stream().map(m -> m.masked(ownOids)))
              .as("seed " + seed)
              .isEqualTo(plain.stream().map(m -> m.masked(ownOids)).toList());
        }
      }
    }
  }

  @Test
  void aLoginThatIsBoundToAnotherCertificateIsRefused() throws Exception {
    try (GatewayUnderTest gateway = offering();
        SSLSocket socket = direct(gateway, "postgresql");
        WireClient client = new WireClient(socket)) {
      client.startup(
          WireClient.PROTOCOL_3_0,
          "user",
          GatewayUnderTest.NAME,
          "database",
          GatewayUnderTest.NAME);
      List<Message> replies = client.proveBound(new byte[32]);
      assertThat(replies.getLast().type()).isEqualTo('E');
      assertThat(replies.getLast().text()).contains("28P01");
    }
    byte[] digest = certificate.bindingData().orElseThrow();
    try (GatewayUnderTest gateway = offering();
        SSLSocket socket = direct(gateway, "postgresql");
        WireClient client = new WireClient(socket)) {
      client.startup(
          WireClient.PROTOCOL_3_0,
          "user",
          GatewayUnderTest.NAME,
          "database",
          GatewayUnderTest.NAME);
      assertThat(client.proveBound(digest).getLast().type()).isEqualTo('Z');
    }
  }

  @Test
  void aMadeCertificateIsKeptUntilItExpires() {
    Instant later = Instant.now().plusSeconds(60);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    byte[] first = certificate.bindingData().orElseThrow();
    assertThat(ServerCertificate.keptIn(directory, loopback, later).bindingData())
        .hasValueSatisfying(data -> assertThat(data).isEqualTo(first));
    Instant expired = Instant.now().plusSeconds(3660L * 24 * 3600);
    assertThat(ServerCertificate.keptIn(directory, loopback, expired).bindingData())
        .hasValueSatisfying(data -> assertThat(data).isNotEqualTo(first));
  }

  @Test
  void aRenewedCertificateIsShownToWhoeverComesNext() throws Exception {
    Path chain = directory.resolve("given.pem");
    Path key = directory.resolve("given-key.pem");
    Files.copy(trusted, chain);
    Files.copy(directory.resolve("gateway-key.pem"), key);
    CertificateFiles files = CertificateFiles.of(chain, key);
    Path renewed = Files.createDirectory(directory.resolve("renewed"));
    ServerCertificate next =
        ServerCertificate.keptIn(renewed, InetAddress.getLoopbackAddress(), Instant.now());
    try (GatewayUnderTest gateway =
            new GatewayUnderTest(all -> all.withEncryption(new Encryption.Required(files)));
        Connection before = verified(gateway, trusted)) {
      move(renewed.resolve("gateway-key.pem"), key);
      move(renewed.resolve("gateway-certificate.pem"), chain);
      Await.until(
          () ->
              Arrays.equals(
                  files.get().bindingData().orElseThrow(), next.bindingData().orElseThrow()),
          Duration.ofSeconds(20));
      try (Connection after = verified(gateway, chain)) {
        assertThat(after.isValid(10)).isTrue();
      }
      assertThatThrownBy(() -> verified(gateway, trusted)).isInstanceOf(SQLException.class);
      assertThat(before.isValid(10)).isTrue();
    }
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Connection verified(GatewayUnderTest gateway, Path root) throws SQLException {
    return gateway.connect(
        "sslmode", "verify-full", "sslrootcert", root.toString(), "channelBinding", "require");
  }

  private SSLSocket direct(GatewayUnderTest gateway, String... protocols) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (var in = Files.newInputStream(trusted)) {
      store.setCertificateEntry(
          "gateway", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    Socket plain = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(plain, "localhost", gateway.port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }
}
