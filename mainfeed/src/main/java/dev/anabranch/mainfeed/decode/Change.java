package dev.anabranch.mainfeed.decode;

import dev.anabranch.base.Image;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One message of Postgres's logical replication protocol, version 1, with plug-in {@code pgoutput}.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html">message
 *     formats</a>
 */
public sealed interface Change {

  record Begin(Lsn finalLsn, Instant committedAt, long transactionId) implements Change {}

  /**
   * @param commitLsn where the commit record starts
   * @param endLsn where the transaction ends: resume and confirm from here
   */
  record Commit(Lsn commitLsn, Lsn endLsn, Instant committedAt) implements Change {}

  /**
   * The layout of a table, sent before its first change and again after it changed. Columns carry
   * names, not numbers.
   */
  record Relation(
      TableId table, String schema, String name, char replicaIdentity, List<RelationColumn> columns)
      implements Change {}

  record RelationColumn(String name, boolean inReplicaIdentity, long typeOid, int typeModifier) {}

  record Insert(TableId table, Image after) implements Change {}

  /**
   * @param oldKey the old row's key columns (others NULL), when the key changed
   * @param before the whole old row, when the table's replica identity is FULL
   */
  record Update(TableId table, Optional<Image> oldKey, Optional<Image> before, Image after)
      implements Change {}

  /** Exactly one of the two is there, by the table's replica identity. */
  record Delete(TableId table, Optional<Image> oldKey, Optional<Image> before) implements Change {}

  record Truncate(List<TableId> tables) implements Change {}

  record Message(boolean transactional, Lsn lsn, String prefix, String content) implements Change {}

  record Type(long oid, String schema, String name) implements Change {}

  record Origin(String name) implements Change {}
}
