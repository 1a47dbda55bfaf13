package dev.anabranch.gateway.session;

import dev.anabranch.gateway.relay.Relay;

/** Where a client's connection stands. Each phase holds what it needs and no more. */
sealed interface Phase {

  /** The client has yet to prove who it is. */
  record LoggingIn(ClientLogin login) implements Phase {}

  /** It is who it says, and its branch is being opened and connected to. */
  record Entering() implements Phase {}

  /** Logged in and connected. */
  record Live(Relay relay) implements Phase {}

  record Ended() implements Phase {}
}
