package dev.anabranch.server;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.branch.Branch;
import dev.anabranch.branch.BranchPoint;
import dev.anabranch.branch.BranchRequest;
import dev.anabranch.branch.Branches;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ledger;
import dev.anabranch.predicate.CheckReport;
import dev.anabranch.promote.PromoteRequest;
import dev.anabranch.promote.Promotion;
import dev.anabranch.server.http.Operations;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The operations on the running parts.
 *
 * @param branches the branches
 * @param ledger what was asked
 * @param metrics where durations go
 * @param status asked for the status
 * @param mainUrl of the embedded main; empty when main is somebody else's
 * @param gatewayAddress host and port that clients connect to
 */
record ServerOperations(
    Branches branches,
    Ledger ledger,
    Metrics metrics,
    Supplier<Map<String, Map<String, Object>>> statusSource,
    Optional<String> embeddedMainUrl,
    GatewayAddress gatewayAddress)
    implements Operations {

  /** Where clients connect to branches. */
  record GatewayAddress(String host, int port) {}

  @Override
  public Branch create(BranchRequest request) {
    return metrics.creates().record(() -> branches.create(request));
  }

  @Override
  public List<Branch> list() {
    return branches.list();
  }

  @Override
  public Branch get(BranchName name) {
    return branches.get(name);
  }

  @Override
  public String url(Branch branch) {
    return "postgresql://%s:%s@%s:%d/%s"
        .formatted(
            branch.name(), branch.password(), gatewayAddress.host(), gatewayAddress.port(), branch.name());
  }

  @Override
  public void delete(BranchName name) {
    branches.delete(name);
  }

  @Override
  public Branch reset(BranchName name, Optional<BranchPoint> point) {
    return point.isPresent() ? branches.reset(name, point.get()) : branches.reset(name);
  }

  @Override
  public List<Answer> answers(BranchName name) {
    return ledger.answers(branches.get(name).id());
  }

  @Override
  public CheckReport check(BranchName name) {
    throw new AnabranchException(ErrorCode.CHECK_FAILED, "not wired");
  }

  @Override
  public Promotion promote(PromoteRequest request) {
    throw new AnabranchException(ErrorCode.CHECK_FAILED, "not wired");
  }

  @Override
  public String receipt(String id) {
    throw new AnabranchException(ErrorCode.RECEIPT_UNKNOWN, id);
  }

  @Override
  public String mainUrl() {
    return embeddedMainUrl.orElseThrow(() -> new AnabranchException(ErrorCode.MAIN_NOT_OURS));
  }

  @Override
  public Map<String, Map<String, Object>> status() {
    return statusSource.get();
  }

  @Override
  public String measurements() {
    return metrics.text();
  }
}
