package dev.anabranch.gateway.tls;

import java.util.Optional;

/** Whether the gateway speaks TLS with its clients. */
public sealed interface Encryption {

  /** The certificate that it shows, if it does. */
  Optional<ServerCertificate> certificate();

  /** Clients that ask for it are told that there is none. */
  record Off() implements Encryption {
    @Override
    public Optional<ServerCertificate> certificate() {
      return Optional.empty();
    }
  }

  /** Clients choose. */
  record Offered(ServerCertificate shown) implements Encryption {
    @Override
    public Optional<ServerCertificate> certificate() {
      return Optional.of(shown);
    }
  }

  /** Nobody logs in without. */
  record Required(ServerCertificate shown) implements Encryption {
    @Override
    public Optional<ServerCertificate> certificate() {
      return Optional.of(shown);
    }
  }
}
