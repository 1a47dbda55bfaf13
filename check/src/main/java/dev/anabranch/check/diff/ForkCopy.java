package dev.anabranch.check.diff;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.branch.Branch;
import dev.anabranch.branch.golden.Scratch;
import dev.anabranch.check.CheckContext;
import dev.anabranch.check.ForkSchemas;
import dev.anabranch.check.RowReader;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Main as it was at the fork point, running from when it is first read. */
final class ForkCopy implements AutoCloseable {

  private final CheckContext context;
  private final Branch branch;
  private final SchemaSnapshot schema;
  private @Nullable Scratch scratch;
  private @Nullable Connection rows;

  ForkCopy(CheckContext context, Branch branch, ForkSchemas.Side side) {
    this.context = context;
    this.branch = branch;
    this.schema = context.schemas().at(branch.forkLsn(), side);
  }

  SchemaSnapshot schema() {
    return schema;
  }

  /** The layout that a table had then. */
  Optional<TableShape> shape(TableId table) {
    return Optional.ofNullable(schema.relations().get(table)).map(SchemaSnapshot.Relation::shape);
  }

  /**
   * A connection that the caller closes.
   *
   * @throws AnabranchException DIFF_FORK_GONE
   */
  Connection connect() {
    Scratch open = scratch;
    if (open == null) {
      open = open();
      scratch = open;
    }
    return open.connect();
  }

  private Scratch open() {
    try {
      return context.scratches().open(branch.forkLsn());
    } catch (AnabranchException e) {
      if (e.code() == ErrorCode.BRANCH_POINT_GONE) {
        throw new AnabranchException(
            ErrorCode.DIFF_FORK_GONE, e, branch.name(), String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  /** Rows by their own key; keys without a row are left out. */
  Map<Key, Side> rows(TableShape shape, Collection<Key> keys) throws SQLException {
    Connection open = rows;
    if (open == null) {
      open = connect();
      rows = open;
    }
    Map<Key, Side> sides = new HashMap<>();
    Map<Key, Image> images = new RowReader(open).read(shape, keys);
    images.forEach((key, image) -> sides.put(key, new Side(shape, image)));
    return sides;
  }

  @Override
  public void close() throws SQLException {
    try {
      if (rows != null) {
        rows.close();
      }
    } finally {
      if (scratch != null) {
        scratch.close();
      }
    }
  }
}
