package dev.anabranch.gateway.session;

import dev.anabranch.base.BranchId;
import dev.anabranch.gateway.auth.ScramVerifier;
import dev.anabranch.gateway.route.Route;
import dev.anabranch.gateway.route.Routes;
import dev.anabranch.gateway.settings.GatewaySettings;
import dev.anabranch.ledger.LedgerQueue;
import java.security.SecureRandom;
import java.util.concurrent.Executor;

/** What all sessions of a gateway share. */
public interface Host {

  GatewaySettings settings();

  Sockets sockets();

  Routes routes();

  LedgerQueue ledger();

  CancelKeys cancelKeys();

  LoginFailures loginFailures();

  SecureRandom random();

  /** Where sessions wait until their branch's Postgres may start a process for them. */
  ConnectThrottle throttle();

  /** Where slow things are done. */
  Executor offLoop();

  /** May compute for some milliseconds. */
  ScramVerifier verifier(Route route);

  /** May read the control database. */
  BranchTraffic traffic(BranchId branch);

  /** Counts a connection in; false when there are too many. */
  boolean admit();

  /** Whether the gateway is stopping, so that nobody is let in any more. */
  boolean isStopping();

  /** Counts it out again. */
  void dismissed();
}
