package dev.anabranch.mainfeed.schema;

import java.util.List;

/**
 * A user-defined object other than a relation, as a statement may mean it.
 *
 * @param kind what it is
 * @param oid in its own catalog
 * @param name without its schema; empty where it has none
 * @param types what it is about, by OID
 * @param version changes with its catalog rows, with those that hang on it, and with its schema
 */
public record Definition(Kind kind, long oid, String name, List<Long> types, String version) {

  /** Stands among the words of code that can spell a name in another way, or run another's code. */
  public static final String UNREADABLE = "?";

  /** Stands in the name of what code may run without naming it. */
  public static final String RUN_UNNAMED = "*";

  /** The kinds. */
  public enum Kind {
    ROUTINE,
    /**
     * The words of a routine's body, each once, in its name; of one whose body is text. An operator
     * that is user-defined stands among them in brackets.
     */
    CODE,
    /**
     * A routine whose body is no text, and which nobody vouches for: in C, or kept as a tree. In
     * its name are the operators that it computes, in brackets, and {@link #RUN_UNNAMED} if
     * something else runs it that need not be named either: a cast, a default, a check, a view.
     */
    UNREAD,
    /**
     * A routine or an operator that has the name of one that came with Postgres; {@code types} are
     * those of its arguments.
     */
    NAMESAKE,
    OPERATOR,
    /** From one type to another, made where nobody asks for it. */
    IMPLICIT_CAST,
    CAST,
    /** An enum or a base type, or an array of one. */
    TYPE,
    /** A type that is made of others: a domain, a range, a row, or an array of one. */
    COMPOUND_TYPE,
    COLLATION,
    /** What makes values of a type equal or ordered. */
    OPERATOR_CLASS,
    /** A configuration, dictionary or mapping of text search. */
    SEARCH,
    CONVERSION
  }
}
