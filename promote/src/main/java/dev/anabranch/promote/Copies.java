package dev.anabranch.promote;

import java.sql.Connection;
import java.sql.SQLException;

/** Makes copies of main as it is now, on which work is written to see what would become of it. */
@FunctionalInterface
public interface Copies {

  /** A copy with all that main acknowledged before the call; the caller closes it. */
  Copy open();

  /** One copy. Nothing that is done to it reaches main, or stays. */
  interface Copy extends AutoCloseable {

    /** A connection that may write everything there; the caller closes it. */
    Connection connect() throws SQLException;

    @Override
    void close();
  }
}
