package dev.anabranch.trials.cycles;

import dev.anabranch.trials.cycles.Program.Naming;
import dev.anabranch.trials.cycles.Programs.Writer;

/**
 * Programs whose words mean what they mean by something around them: a role, a setting, a snapshot,
 * a layout, a number that somebody chose, or what is in no log.
 */
final class Circumstantial {

  /** How many kinds there are. */
  static final int KINDS = 16;

  private Circumstantial() {}

  /** One program of a kind. */
  static Program of(int kind, Writer w, Naming naming) {
    return switch (kind) {
      case 0 ->
          w.told(
              "row security by a role",
              naming,
              a("SET ROLE " + Shop.CLERK),
              a("SELECT count(*) FROM memo"),
              a("RESET ROLE"),
              a(w.note()));
      case 1 -> snapshotTakenOver(w, naming);
      case 2 ->
          w.told(
              "column read after own row",
              naming,
              a("INSERT INTO wide (id, b, c) VALUES (" + (10 + w.number()) + ", 'p', 'q')"),
              a("SELECT count(*) FROM wide WHERE lower(c) = 'p'"),
              a(w.note()));
      case 3 ->
          w.told(
              "number put back",
              naming,
              a(
                  "INSERT INTO ticket (id, tag) VALUES ("
                      + (10 + w.number())
                      + ", '"
                      + w.tag()
                      + "')"));
      case 4 ->
          w.told(
              "half in no log",
              naming,
              a("BEGIN"),
              a("INSERT INTO jot VALUES ('" + w.tag() + "')"),
              a(w.note()),
              a("COMMIT"));
      case 5 ->
          w.told(
              "large object",
              naming,
              a("INSERT INTO scan VALUES ('" + w.tag() + "', lo_from_bytea(0, '\\x01'))"));
      case 6 ->
          w.told(
              "mark a price",
              naming,
              a("UPDATE price SET note = 'marked' WHERE sku = '" + w.sku() + "'"));
      case 7 ->
          w.told(
              "marked prices",
              naming,
              a("SELECT count(*) FROM price WHERE note = 'marked'"),
              a(w.note()));
      case 8 ->
          w.told(
              "dates in another order",
              naming,
              a("SET datestyle = 'ISO, DMY'"),
              a("SELECT date '01/03/2024' + p FROM price WHERE sku = '" + w.sku() + "'"),
              a(w.note()));
      case 11 -> w.told("all columns", naming, a("SELECT * FROM wide WHERE id = 1"), a(w.note()));
      case 12 ->
          w.told(
              "sale", naming, a("UPDATE till SET n = n - 2 WHERE id = " + w.acct()), a(w.note()));
      case 13 ->
          w.told(
              "sale that looks",
              naming,
              a("UPDATE till SET n = n - 1 WHERE id = " + w.acct() + " AND n > 8"),
              a(w.note()));
      case 14 ->
          w.told(
              "sale at a price",
              naming,
              a(
                  "UPDATE till SET n = n - p FROM price WHERE id = "
                      + w.acct()
                      + " AND sku = '"
                      + w.sku()
                      + "'"),
              a(w.note()));
      case 10 ->
          w.told("voucher", naming, a("INSERT INTO voucher (tag) VALUES ('" + w.tag() + "')"));
      case 9 ->
          w.told(
              "null by a setting of a function",
              naming,
              a("SELECT loosen()"),
              a("SELECT count(*) FROM price WHERE note = NULL AND p < 35"),
              a(w.note()));
      default ->
          w.told(
              "rolled back to a savepoint and told",
              naming,
              a("BEGIN"),
              a("SAVEPOINT s"),
              a("UPDATE acct SET bal = bal + 200 WHERE id = " + w.acct()),
              a("SELECT count(*) FROM acct WHERE bal >= 200 AND paid"),
              a("ROLLBACK TO s"),
              a(w.note()),
              a("COMMIT"));
    };
  }

  /** Session b sees what a saw, and not what c wrote before b began. */
  private static Program snapshotTakenOver(Writer w, Naming naming) {
    String begin = "BEGIN ISOLATION LEVEL REPEATABLE READ";
    return w.told(
        "snapshot taken over",
        naming,
        a(begin),
        a("SELECT pg_export_snapshot()").remembering("snapshot").aboutNothing(),
        says("c", "UPDATE acct SET tenant = '" + w.tag() + "' WHERE id = " + (1 + w.acct() % 2)),
        says("b", begin),
        says("b", "SET TRANSACTION SNAPSHOT $${snapshot}$$"),
        says("b", "SELECT count(*) FROM acct WHERE lower(tenant) = 'x'"),
        says("b", "COMMIT"),
        a("COMMIT"),
        says("b", w.note()));
  }

  private static Line a(String sql) {
    return Line.of("a", sql);
  }

  private static Line says(String session, String sql) {
    return Line.of(session, sql);
  }
}
