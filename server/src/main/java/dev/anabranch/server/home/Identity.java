package dev.anabranch.server.home;

import java.security.SecureRandom;
import java.util.HexFormat;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** Which Anabranch this is: tells its slots and its publication on main from another's. */
public final class Identity {

  private static final int BYTES = 4;

  private Identity() {}

  /** Eight lower-case letters and digits, drawn once and kept in the control database. */
  public static String of(DataSource control) {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return Jdbi.create(control)
        .inTransaction(handle -> {
          handle
              .createUpdate("INSERT INTO identity (id) VALUES (:id) ON CONFLICT (one) DO NOTHING")
              .bind("id", HexFormat.of().formatHex(bytes))
              .execute();
          return handle.createQuery("SELECT id FROM identity").mapTo(String.class).one();
        });
  }
}
