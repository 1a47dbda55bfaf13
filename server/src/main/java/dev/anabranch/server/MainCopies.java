package dev.anabranch.server;

import dev.anabranch.branch.golden.Scratch;
import dev.anabranch.promote.Copies;
import java.sql.Connection;

/**
 * Scratch copies of main as promotions want them.
 *
 * @param scratches makes them
 */
record MainCopies(Scratch.Factory scratches) implements Copies {

  @Override
  public Copy open() {
    Scratch scratch = scratches.openMain((connection, position) -> position).copy();
    return new Copy() {
      @Override
      public Connection connect() {
        return scratch.connect();
      }

      @Override
      public void close() {
        scratch.close();
      }
    };
  }
}
