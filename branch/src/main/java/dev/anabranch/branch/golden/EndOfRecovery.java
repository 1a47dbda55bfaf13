package dev.anabranch.branch.golden;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Where a cluster's recovery ended, told by the checkpoint that it wrote right there. */
public final class EndOfRecovery {

  private EndOfRecovery() {}

  /**
   * The same truth from the other side: recovery ended where the files were made to end.
   *
   * @throws AnabranchException with {@link ErrorCode#POSTGRES_FAILED} when it ended elsewhere
   */
  public static void require(Connection connection, Lsn expected) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT checkpoint_lsn FROM pg_control_checkpoint()")) {
      row.next();
      Lsn end = WalPosition.endOfRecord(Lsn.parse(row.getString(1)));
      if (!end.equals(WalPosition.endOfRecord(expected))) {
        throw new AnabranchException(
            ErrorCode.POSTGRES_FAILED,
            "recovering a copy",
            "recovery ended at " + end + " and not at " + expected + ".");
      }
    }
  }
}
