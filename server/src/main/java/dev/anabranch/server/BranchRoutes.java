package dev.anabranch.server;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.branch.Branch;
import dev.anabranch.branch.Branches;
import dev.anabranch.branch.Endpoint;
import dev.anabranch.branch.history.PastPoint;
import dev.anabranch.gateway.route.Destination;
import dev.anabranch.gateway.route.Route;
import dev.anabranch.gateway.route.Routes;
import java.util.Optional;

/**
 * The gateway's way to branches.
 *
 * @param branches the branches there are
 */
record BranchRoutes(Branches branches) implements Routes {

  /** What comes behind it in a database's name is a moment. */
  private static final char AT = '@';

  @Override
  public Optional<Route> find(String database) {
    int at = database.indexOf(AT);
    try {
      BranchName name = new BranchName(at < 0 ? database : database.substring(0, at));
      return branches
          .find(name)
          .map(branch ->
              route(
                  branch,
                  at < 0
                      ? Optional.empty()
                      : Optional.of(PastPoint.parse(database.substring(at + 1)))));
    } catch (AnabranchException e) {
      if (e.code() == ErrorCode.BRANCH_NAME_INVALID) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Route route(Branch branch, Optional<PastPoint> moment) {
    return new Route(
        branch.id(),
        branch.name(),
        branch.password(),
        branches.endpoint(branch).map(BranchRoutes::destination),
        moment);
  }

  private static Destination destination(Endpoint endpoint) {
    return new Destination(
        endpoint.branch(), endpoint.socket(), endpoint.role(), endpoint.database(), true);
  }

  /**
   * One that runs is open already, so that a login asks the control database once. A branch that
   * was reset between login and here is another life: the client must log in again.
   */
  @Override
  public Destination open(Route route) {
    if (route.moment().isPresent()) {
      return view(route, route.moment().get());
    }
    return route.awake().isPresent() && branches.isAwake(route.branch())
        ? route.awake().get()
        : opened(route);
  }

  /** Nothing that is read there can be checked: it is neither the branch's fork point nor now. */
  private Destination view(Route route, PastPoint moment) {
    Branch branch = branches.get(route.name());
    if (!branch.id().equals(route.branch())) {
      throw new AnabranchException(ErrorCode.BRANCH_STARTING, route.name());
    }
    Endpoint endpoint = branches.views().open(branch, moment);
    return new Destination(
        endpoint.branch(), endpoint.socket(), endpoint.role(), endpoint.database(), false);
  }

  private Destination opened(Route route) {
    Endpoint endpoint = branches.open(route.name());
    if (!endpoint.branch().equals(route.branch())) {
      throw new AnabranchException(ErrorCode.BRANCH_STARTING, route.name());
    }
    return destination(endpoint);
  }
}
