package dev.anabranch.check;

import java.sql.Connection;

/** Superuser connections to one cluster's database, a new one each time. */
public interface Sessions {

  /**
   * @throws dev.anabranch.base.AnabranchException when it can't be reached
   */
  Connection open();
}
