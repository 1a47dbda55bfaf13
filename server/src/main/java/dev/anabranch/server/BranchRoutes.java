package dev.anabranch.server;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.branch.Branch;
import dev.anabranch.branch.Branches;
import dev.anabranch.branch.Endpoint;
import dev.anabranch.gateway.Destination;
import dev.anabranch.gateway.Route;
import dev.anabranch.gateway.Routes;
import java.util.Optional;

/**
 * The gateway's way to branches.
 *
 * @param branches the branches there are
 */
record BranchRoutes(Branches branches) implements Routes {

  @Override
  public Optional<Route> find(String branchName) {
    try {
      return branches.find(new BranchName(branchName)).map(this::route);
    } catch (AnabranchException e) {
      if (e.code() == ErrorCode.BRANCH_NAME_INVALID) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Route route(Branch branch) {
    return new Route(
        branch.id(),
        branch.name(),
        branch.password(),
        branches.endpoint(branch).map(BranchRoutes::destination));
  }

  private static Destination destination(Endpoint endpoint) {
    return new Destination(endpoint.socket(), endpoint.role(), endpoint.database());
  }

  /**
   * One that runs is open already, so that a login asks the control database once. A branch that
   * was reset between login and here is another life: the client must log in again.
   */
  @Override
  public Destination open(Route route) {
    return route.awake().isPresent() && branches.isAwake(route.branch())
        ? route.awake().get()
        : opened(route);
  }

  private Destination opened(Route route) {
    Endpoint endpoint = branches.open(route.name());
    if (!endpoint.branch().equals(route.branch())) {
      throw new AnabranchException(ErrorCode.BRANCH_STARTING, route.name());
    }
    return destination(endpoint);
  }
}
