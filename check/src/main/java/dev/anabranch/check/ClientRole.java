package dev.anabranch.check;

import dev.anabranch.base.Identifiers;
import dev.anabranch.branch.golden.Roles;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** The login of a branch that acts as one role of main; a golden image knows nothing of it. */
final class ClientRole {

  private ClientRole() {}

  /**
   * The role that the branch's client acts as; empty for the usual client, which every image has.
   */
  static Optional<String> actedBy(Connection branch, String clientRole) throws SQLException {
    if (!clientRole.equals(Roles.MEMBER)) {
      return Optional.empty();
    }
    try (PreparedStatement query =
        branch.prepareStatement(
            "SELECT r.rolname FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles r ON r.oid"
                + " = m.roleid WHERE m.member = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname"
                + " = ?)")) {
      query.setString(1, clientRole);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
      }
    }
  }

  static void make(Connection scratch, String clientRole, String memberOf) throws SQLException {
    try (Statement statement = scratch.createStatement()) {
      statement.execute("CREATE ROLE " + Identifiers.quote(clientRole) + " LOGIN");
      statement.execute(
          "GRANT " + Identifiers.quote(memberOf) + " TO " + Identifiers.quote(clientRole));
    }
  }
}
