package dev.anabranch.gateway.tls;

import java.util.Optional;
import java.util.function.Supplier;

/** Whether the gateway speaks TLS with its clients. */
public sealed interface Encryption {

  /** The certificate that it shows now, if it does; the next client may see another. */
  Optional<ServerCertificate> certificate();

  /** Clients that ask for it are told that there is none. */
  record Off() implements Encryption {
    @Override
    public Optional<ServerCertificate> certificate() {
      return Optional.empty();
    }
  }

  /** Clients choose. */
  record Offered(Supplier<ServerCertificate> shown) implements Encryption {
    @Override
    public Optional<ServerCertificate> certificate() {
      return Optional.of(shown.get());
    }
  }

  /** Nobody logs in without. */
  record Required(Supplier<ServerCertificate> shown) implements Encryption {
    @Override
    public Optional<ServerCertificate> certificate() {
      return Optional.of(shown.get());
    }
  }
}
