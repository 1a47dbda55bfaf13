package dev.anabranch.ledger;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.JdbiException;

/**
 * Tells a control database that is away for a while from a defect. JDBI is used for that database
 * and for no other, so its failures are that database's.
 */
public final class ControlOutage {

  private static final String CONNECTION_EXCEPTION = "08";
  private static final String SHUT_DOWN = "57P";

  private ControlOutage() {}

  /**
   * The failure with its number: its own, {@link ErrorCode#CONTROL_UNREACHABLE} when the control
   * database can't be reached or broke off, else {@link ErrorCode#INTERNAL}.
   */
  public static AnabranchException numbered(Throwable failure) {
    if (failure instanceof AnabranchException known) {
      return known;
    }
    boolean ofControl = causes(failure).anyMatch(JdbiException.class::isInstance);
    Optional<SQLException> away =
        causes(failure)
            .filter(SQLException.class::isInstance)
            .map(SQLException.class::cast)
            .filter(ControlOutage::isAway)
            .findFirst();
    return ofControl && away.isPresent()
        ? new AnabranchException(
            ErrorCode.CONTROL_UNREACHABLE, failure, String.valueOf(away.get().getMessage()))
        : new AnabranchException(ErrorCode.INTERNAL, failure, String.valueOf(failure.getMessage()));
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
  }

  private static boolean isAway(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    return failure instanceof SQLTransientConnectionException // no connection to be had in time
        || state.startsWith(CONNECTION_EXCEPTION)
        || state.startsWith(SHUT_DOWN);
  }
}
