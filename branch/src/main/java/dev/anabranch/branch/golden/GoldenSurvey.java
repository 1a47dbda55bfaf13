package dev.anabranch.branch.golden;

import dev.anabranch.base.Lsn;
import java.sql.Connection;

/**
 * What others want to learn from a golden image before it is shut for good. Both are asked once per
 * image, as superuser in the branched database, with nobody else connected.
 */
public interface GoldenSurvey {

  /** Right after recovery: physically main at its fork point. */
  void asMain(Connection connection, Lsn forkLsn);

  /** After preparation: what every branch of it starts from. */
  void asBranch(Connection connection, Lsn forkLsn);

  /** Asks nothing. */
  static GoldenSurvey none() {
    return new GoldenSurvey() {
      @Override
      public void asMain(Connection connection, Lsn forkLsn) {}

      @Override
      public void asBranch(Connection connection, Lsn forkLsn) {}
    };
  }
}
