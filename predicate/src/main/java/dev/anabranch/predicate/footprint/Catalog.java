package dev.anabranch.predicate.footprint;

import dev.anabranch.base.TableId;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the catalogs say about the routines, operators and types that a tree names by OID.
 *
 * @param routines {@code pg_proc}
 * @param operators {@code pg_operator}
 * @param plainTypes user-defined types whose values are read and written by built-in code alone:
 *     enums, domains whose checks call no code of the user's, and arrays of them
 * @param rowTypes by type: the tables and views whose rows it is, or has somewhere in it
 * @param userCasts whether JSON functions may run code of the user's, by a cast to json
 * @param userDomainChecks whether a domain's check runs code of the user's
 * @param loose the tables with a unique index for which other texts than equal ones are equal
 * @param defaultCollationIsC whether the database's own collation orders text by its bytes
 * @param encoding of the database, by Postgres's name
 * @param serverVersionNumber such as 180006
 */
public record Catalog(
    Map<Long, Routine> routines,
    Map<Long, Operator> operators,
    Set<Long> plainTypes,
    Map<Long, Set<TableId>> rowTypes,
    boolean userCasts,
    boolean userDomainChecks,
    Set<TableId> loose,
    boolean defaultCollationIsC,
    String encoding,
    int serverVersionNumber) {

  /** Everything below is made by initdb and the same in every database of a major version. */
  public static final long FIRST_USER_OID = 16384;

  public Catalog {
    routines = Map.copyOf(routines);
    operators = Map.copyOf(operators);
    plainTypes = Set.copyOf(plainTypes);
    loose = Set.copyOf(loose);
    rowTypes = Map.copyOf(rowTypes);
  }

  Set<TableId> rowsOf(Set<Long> types) {
    return types.stream()
        .flatMap(type -> rowTypes.getOrDefault(type, Set.of()).stream())
        .collect(Collectors.toSet());
  }

  /** The same with other beliefs about how texts are kept. */
  Catalog inEncoding(String other) {
    return new Catalog(
        routines,
        operators,
        plainTypes,
        rowTypes,
        userCasts,
        userDomainChecks,
        loose,
        defaultCollationIsC,
        other,
        serverVersionNumber);
  }

  boolean utf8() {
    return encoding.equals("UTF8");
  }

  /**
   * Whether texts of the database are one to one with texts in Unicode, character by character; in
   * other encodings two of Unicode may be one.
   */
  boolean exactCharacters() {
    return utf8() || encoding.equals("LATIN1");
  }

  /**
   * @param name without its schema
   * @param volatility what its author promised
   * @param ours whether it is built in, or in C in an extension that comes with Postgres and reads
   *     no tables
   */
  public record Routine(String name, Volatility volatility, boolean ours) {}

  /**
   * @param name without its schema
   * @param routine what computes it
   */
  public record Operator(String name, long routine) {}

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
