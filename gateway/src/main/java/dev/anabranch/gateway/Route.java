package dev.anabranch.gateway;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import java.util.Optional;

/**
 * A branch that a client may log in to.
 *
 * @param branch this life of it
 * @param name the database and the user that the client says
 * @param password what the client must prove to know
 * @param awake where it is reached while it runs; empty when only {@link Routes#open} can tell
 */
public record Route(
    BranchId branch, BranchName name, String password, Optional<Destination> awake) {
  @Override
  public String toString() {
    return "the route to branch " + name;
  }
}
