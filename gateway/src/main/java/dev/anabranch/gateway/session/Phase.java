package dev.anabranch.gateway.session;

import dev.anabranch.gateway.Route;
import dev.anabranch.gateway.auth.ScramExchange;
import dev.anabranch.gateway.auth.ScramVerifier;
import dev.anabranch.gateway.relay.Relay;
import dev.anabranch.gateway.wire.StartupPacket;

/** Where a client's connection stands. Each phase holds what it needs and no more. */
sealed interface Phase {

  /** Nothing said yet, or encryption was refused. */
  record Greeting() implements Phase {}

  /** Something slow is being done elsewhere; the client must wait and is not read. */
  record Waiting() implements Phase {}

  /** The client must choose SCRAM and begin it. */
  record Challenged(StartupPacket.Startup startup, Route route, ScramVerifier verifier)
      implements Phase {}

  /** The client must prove that it knows the password. */
  record Proving(StartupPacket.Startup startup, Route route, ScramExchange exchange)
      implements Phase {}

  /** Logged in and connected. */
  record Live(Relay relay) implements Phase {}

  record Ended() implements Phase {}
}
