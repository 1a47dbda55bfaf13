package dev.anabranch.mainfeed.store;

import dev.anabranch.base.Column;
import dev.anabranch.base.TableShape;
import dev.anabranch.mainfeed.decode.Change;
import java.util.List;

/** Whether the layout that decoding reports is the one that the catalogs gave. */
final class Layouts {

  private Layouts() {}

  /** Decoding sends names and types in column order, and no numbers; all of them have to agree. */
  static boolean agree(TableShape shape, Change.Relation relation) {
    List<Column> columns = shape.columns();
    if (columns.size() != relation.columns().size()) {
      return false;
    }
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      Change.RelationColumn sent = relation.columns().get(i);
      if (!column.name().equals(sent.name())
          || column.typeOid() != sent.typeOid()
          || column.typeModifier() != sent.typeModifier()) {
        return false;
      }
      boolean identityIsKey = relation.replicaIdentity() == 'd';
      if (identityIsKey && column.inKey() != sent.inReplicaIdentity()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether an update or delete names the row: every key column is part of what is sent of the old
   * row.
   */
  static boolean keyIsSent(TableShape shape, Change.Relation relation) {
    if (!shape.hasKey()) {
      return false;
    }
    for (int i = 0; i < shape.columns().size(); i++) {
      if (shape.columns().get(i).inKey() && !relation.columns().get(i).inReplicaIdentity()) {
        return false;
      }
    }
    return true;
  }
}
