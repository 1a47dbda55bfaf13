package dev.anabranch.mainfeed.schema;

/**
 * Extensions that come with Postgres, and whose routines in C read no table and no clock but where
 * they are declared volatile.
 */
public final class TrustedExtensions {

  /** Their names, as a list of literals. */
  public static final String NAMES =
      "'uuid-ossp', 'pgcrypto', 'citext', 'hstore', 'pg_trgm', 'ltree', 'fuzzystrmatch',"
          + " 'intarray', 'btree_gin', 'btree_gist', 'cube', 'earthdistance', 'isn', 'seg',"
          + " 'unaccent'";

  private TrustedExtensions() {}
}
