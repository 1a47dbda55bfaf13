package dev.anabranch.base;

/** SQL identifiers and literals as Postgres reads them. */
public final class Identifiers {

  private Identifiers() {}

  /** Always quotes, so that no keyword or upper-case letter surprises. */
  public static String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** A string literal, safe under either setting of {@code standard_conforming_strings}. */
  public static String literal(String text) {
    String doubled = text.replace("'", "''");
    return text.indexOf('\\') >= 0
        ? " E'" + doubled.replace("\\", "\\\\") + "'"
        : "'" + doubled + "'";
  }
}
