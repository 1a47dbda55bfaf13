package dev.anabranch.check;

import dev.anabranch.predicate.rule.DdlEntry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Whether a branch defines anything that main does not, or otherwise. */
public final class BranchDefinitions {

  /** Whatever was made on a branch has a higher OID than what notes its definitions. */
  private static final String MADE =
      """
      SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.oid > coalesce(pg_catalog.to_regclass('pg_catalog.anabranch_definitions')::oid, 0::oid)
        AND c.relpersistence <> 't' AND n.nspname NOT LIKE 'pg\\_%' LIMIT 1
      """;

  /** What notes definitions notes itself as well. */
  private static final String OURS =
      """
      SELECT oid::int8 FROM pg_catalog.pg_event_trigger WHERE evtname LIKE 'anabranch\\_note\\_%'
      UNION ALL
      SELECT oid::int8 FROM pg_catalog.pg_proc
      WHERE pronamespace = 'pg_catalog'::regnamespace AND proname LIKE 'anabranch\\_note\\_%'
      """;

  private BranchDefinitions() {}

  /**
   * The name of something that was made, altered or dropped on a branch, if there is any; what is
   * temporary does not count.
   *
   * @param branch its owner's
   */
  public static Optional<String> own(Connection branch) throws SQLException {
    Set<Long> ours = ours(branch);
    Optional<String> noted =
        BranchDdl.read(branch).stream()
            .filter(entry -> !ours.contains(entry.object()))
            .map(DdlEntry::name)
            .findFirst();
    if (noted.isPresent()) {
      return noted;
    }
    try (Statement statement = branch.createStatement();
        ResultSet row = statement.executeQuery(MADE)) {
      return row.next() ? Optional.of(String.valueOf(row.getString(1))) : Optional.empty();
    }
  }

  private static Set<Long> ours(Connection branch) throws SQLException {
    Set<Long> ours = new HashSet<>();
    try (Statement statement = branch.createStatement();
        ResultSet row = statement.executeQuery(OURS)) {
      while (row.next()) {
        ours.add(row.getLong(1));
      }
    }
    return ours;
  }
}
