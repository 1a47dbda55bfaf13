package dev.anabranch.base;

/**
 * A relation by its {@code pg_class} OID. Physical clones keep OIDs, so one id means the same table
 * on main, on the mirror and on every branch, whatever it is renamed to.
 *
 * @param oid an unsigned 32-bit number
 */
public record TableId(long oid) {
  @Override
  public String toString() {
    return Long.toString(oid);
  }
}
