package dev.anabranch.gateway;

import java.util.Optional;

/** What the gateway must know of branches. Called off the event loops; may wait. */
public interface Routes {

  /** The branch of this name, if there is one. */
  Optional<Route> find(String branchName);

  /**
   * Makes sure that the branch's Postgres is up.
   *
   * @throws dev.anabranch.base.AnabranchException when it can't be; its code and sentence go to the
   *     client
   */
  Destination open(Route route);
}
