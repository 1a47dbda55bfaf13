package dev.anabranch.predicate.footprint;

import java.util.Map;

/**
 * What the catalogs say about the routines and operators that a tree names by OID.
 *
 * @param routines {@code pg_proc}
 * @param defaultCollationIsC whether the database's own collation orders text by its bytes
 * @param utf8 whether those bytes are UTF-8
 * @param serverVersionNumber such as 180006
 */
public record Catalog(
    Map<Long, Routine> routines,
    boolean defaultCollationIsC,
    boolean utf8,
    int serverVersionNumber) {

  /** Everything below is made by initdb and the same in every database of a major version. */
  public static final long FIRST_USER_OID = 16384;

  public Catalog {
    routines = Map.copyOf(routines);
  }

  /**
   * @param name without its schema
   * @param volatility what its author promised
   */
  public record Routine(String name, Volatility volatility) {}

  /** {@code pg_proc.provolatile}. */
  public enum Volatility {
    IMMUTABLE,
    STABLE,
    VOLATILE;

    /** From {@code i}, {@code s} or {@code v}. */
    public static Volatility of(String letter) {
      return switch (letter) {
        case "i" -> IMMUTABLE;
        case "s" -> STABLE;
        default -> VOLATILE;
      };
    }
  }
}
