package dev.anabranch.gateway.route;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.branch.history.PastPoint;
import java.util.Optional;

/**
 * A branch that a client may log in to.
 *
 * @param branch this life of it
 * @param name the database and the user that the client says
 * @param password what the client must prove to know
 * @param awake where it is reached while it runs; empty when only {@link Routes#open} can tell
 * @param moment when the client wants to see it as it was, and change nothing
 */
public record Route(
    BranchId branch,
    BranchName name,
    String password,
    Optional<Destination> awake,
    Optional<PastPoint> moment) {
  @Override
  public String toString() {
    return "the route to branch " + name;
  }
}
