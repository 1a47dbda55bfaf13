package dev.anabranch.promote;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.promote.assertion.Assertion;
import dev.anabranch.promote.plan.Plan;
import dev.anabranch.promote.plan.Rejection;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The plans that were shown, in the control database. */
final class PlanStore {

  private static final JsonMapper MAPPER = JsonMapper.shared();

  /** The most plans of a branch that can be approved; older ones are forgotten. */
  private static final int PLANS_LIMIT = 100;

  private final Jdbi jdbi;

  PlanStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * A plan that can be approved.
   *
   * @param accepted the answers that were accepted for it alone
   * @param checks the users' own that it was shown with, beside those that every promotion has
   * @param refused the rows that main had refused by then, which it was made without
   * @param parts what it was made of
   * @param asOf the position of main that it was shown as of; of one with accepted answers that
   *     can't be told an earlier one, when main has left alone since what they read
   */
  record Kept(
      Set<Long> accepted,
      List<Assertion> checks,
      List<Rejection> refused,
      PlanParts parts,
      Lsn asOf) {

    static Kept of(
        Plan plan, Set<Long> accepted, List<Assertion> checks, List<Rejection> refused, Lsn asOf) {
      return new Kept(accepted, checks, refused, PlanParts.of(plan), asOf);
    }
  }

  private static Map<String, String> byName(List<Assertion> checks) {
    return checks.stream().collect(Collectors.toMap(Assertion::name, Assertion::sql));
  }

  private static List<Assertion> checks(String byName) {
    return MAPPER.readValue(byName, NAMES).entrySet().stream()
        .map(check -> new Assertion(check.getKey(), check.getValue()))
        .toList();
  }

  private static final TypeReference<TreeMap<String, String>> NAMES = new TypeReference<>() {};

  /**
   * Of one that was shown before, too, the checks stay: none is left out unless it is named, and
   * none becomes another one.
   *
   * @param given the checks that came with the request
   * @throws AnabranchException OWN_CHECK_OTHER
   */
  void keep(BranchId branch, String plan, Kept kept, List<Assertion> given, Instant now) {
    jdbi.useTransaction(handle -> {
      Map<String, String> before =
          find(handle, branch, plan).map(shown -> byName(shown.checks())).orElse(Map.of());
      for (Assertion check : given) {
        if (!before.getOrDefault(check.name(), check.sql()).equals(check.sql())) {
          throw new AnabranchException(ErrorCode.OWN_CHECK_OTHER, check.name(), plan);
        }
      }
      handle
          .createUpdate(
              """
              INSERT INTO plans (branch_id, id, accepted, checks, rejections, parts, as_of, planned_at)
              VALUES (:branch, :id, :accepted, CAST(:checks AS jsonb), CAST(:rejections AS jsonb),
                CAST(:parts AS jsonb), :asOf, :now)
              ON CONFLICT (branch_id, id) DO UPDATE SET accepted = excluded.accepted,
                checks = plans.checks || excluded.checks, rejections = excluded.rejections,
                as_of = excluded.as_of, planned_at = excluded.planned_at
              """)
          .bind("branch", branch.value())
          .bind("id", plan)
          .bind("accepted", kept.accepted().toArray(new Long[0]))
          .bind("checks", MAPPER.writeValueAsString(byName(kept.checks())))
          .bind("rejections", MAPPER.writeValueAsString(kept.refused()))
          .bind("parts", MAPPER.writeValueAsString(kept.parts()))
          .bind("asOf", kept.asOf().toString())
          .bind("now", now.atOffset(ZoneOffset.UTC))
          .execute();
      handle
          .createUpdate(
              """
              DELETE FROM plans WHERE branch_id = :branch AND id NOT IN (
                SELECT id FROM plans WHERE branch_id = :branch ORDER BY planned_at DESC LIMIT :limit)
              """)
          .bind("branch", branch.value())
          .bind("limit", PLANS_LIMIT)
          .execute();
    });
  }

  Optional<Kept> find(BranchId branch, String plan) {
    return jdbi.withHandle(handle -> find(handle, branch, plan));
  }

  /**
   * @throws AnabranchException PLAN_UNKNOWN
   */
  Kept get(BranchId branch, BranchName name, String plan) {
    return find(branch, plan)
        .orElseThrow(() -> new AnabranchException(ErrorCode.PLAN_UNKNOWN, name, plan, name));
  }

  /** Where main stood when these answers were last shown as accepted. */
  Optional<Lsn> shown(BranchId branch, Set<Long> accepted) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "SELECT as_of FROM plans WHERE branch_id = :branch AND accepted @> :accepted ORDER"
                    + " BY planned_at DESC LIMIT 1")
            .bind("branch", branch.value())
            .bind("accepted", accepted.toArray(new Long[0]))
            .map((row, context) -> Lsn.parse(row.getString("as_of")))
            .findOne());
  }

  private static Optional<Kept> find(Handle handle, BranchId branch, String plan) {
    return handle
        .createQuery(
            "SELECT accepted, checks::text, rejections::text, parts::text, as_of FROM plans"
                + " WHERE branch_id = ? AND id = ?")
        .bind(0, branch.value())
        .bind(1, plan)
        .map((row, context) ->
            new Kept(
                Set.of((Long[]) row.getArray("accepted").getArray()),
                checks(row.getString("checks")),
                List.of(MAPPER.readValue(row.getString("rejections"), Rejection[].class)),
                MAPPER.readValue(row.getString("parts"), PlanParts.class),
                Lsn.parse(row.getString("as_of"))))
        .findOne();
  }
}
