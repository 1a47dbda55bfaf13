package dev.anabranch.gateway.route;

import java.util.Optional;

/** What the gateway must know of branches. Called off the event loops; may wait. */
public interface Routes {

  /**
   * The branch of this name, if there is one.
   *
   * @param database the name of a branch, or one and a moment of it: {@code alice@0/3A0}
   * @throws dev.anabranch.base.AnabranchException when that is no moment
   */
  Optional<Route> find(String database);

  /**
   * Makes sure that the branch's Postgres is up, or that of the branch as it was.
   *
   * @throws dev.anabranch.base.AnabranchException when it can't be; its code and sentence go to the
   *     client
   */
  Destination open(Route route);
}
