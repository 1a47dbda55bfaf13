package dev.anabranch.promote;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.promote.assertion.Assertion;
import dev.anabranch.promote.assertion.AssertionRules;
import dev.anabranch.promote.assertion.Assertions;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/** The checks of the users' own that every promotion is held to, in the control database. */
public final class OwnCheckStore {

  /** The most that are kept. */
  private static final int MOST = 1000;

  private final Jdbi jdbi;

  OwnCheckStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** By name. */
  public List<OwnCheck> all() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT name, sql, who, set_at FROM own_checks ORDER BY name")
            .map((row, context) ->
                new OwnCheck(
                    new Assertion(row.getString("name"), row.getString("sql")),
                    row.getString("who"),
                    row.getObject("set_at", OffsetDateTime.class).toInstant()))
            .list());
  }

  /**
   * @throws AnabranchException OWN_CHECK_UNKNOWN
   */
  public OwnCheck get(String name) {
    return all().stream()
        .filter(check -> check.assertion().name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AnabranchException(ErrorCode.OWN_CHECK_UNKNOWN, name));
  }

  /** Keeps one, in the place of one of the same name. */
  OwnCheck set(OwnCheck check) {
    Assertion assertion = check.assertion();
    int kept =
        jdbi.withHandle(handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO own_checks (name, sql, who, set_at)
                    SELECT :name, :sql, :who, :at
                    WHERE (SELECT count(*) FROM own_checks WHERE name <> :name) < :most
                    ON CONFLICT (name) DO UPDATE SET sql = excluded.sql, who = excluded.who, set_at = excluded.set_at
                    """)
                .bind("name", assertion.name())
                .bind("sql", assertion.sql())
                .bind("who", check.who())
                .bind("at", check.setAt().atOffset(ZoneOffset.UTC))
                .bind("most", MOST)
                .execute());
    if (kept == 0) {
      throw new AnabranchException(
          ErrorCode.REQUEST_INVALID,
          "There are " + MOST + " checks, and no more are kept: delete one first.");
    }
    return check;
  }

  /**
   * @throws AnabranchException OWN_CHECK_UNKNOWN
   */
  public void delete(String name) {
    int deleted =
        jdbi.withHandle(handle -> handle.execute("DELETE FROM own_checks WHERE name = ?", name));
    if (deleted == 0) {
      throw new AnabranchException(ErrorCode.OWN_CHECK_UNKNOWN, name);
    }
  }

  /**
   * Those that a promotion is held to: all that are kept and all that come with it, but those that
   * are named to be skipped.
   *
   * @throws AnabranchException OWN_CHECK_UNKNOWN for a name to be skipped that is none,
   *     OWN_CHECK_TWICE
   */
  Assertions of(OwnChecksAsked asked, AssertionRules rules) {
    List<Assertion> toRun = new ArrayList<>();
    all().forEach(kept -> toRun.add(kept.assertion()));
    toRun.addAll(asked.given());
    Set<String> names = new HashSet<>();
    for (Assertion assertion : toRun) {
      if (!names.add(assertion.name())) {
        throw new AnabranchException(ErrorCode.OWN_CHECK_TWICE, assertion.name());
      }
    }
    for (String name : asked.skipped()) {
      if (!names.contains(name)) {
        throw new AnabranchException(ErrorCode.OWN_CHECK_UNKNOWN, name);
      }
    }
    toRun.removeIf(assertion -> asked.skipped().contains(assertion.name()));
    return new Assertions(rules, toRun, asked.skipped().stream().sorted().toList());
  }
}
