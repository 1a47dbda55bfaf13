package dev.anabranch.trials.oracle;

import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Verdicts;
import java.sql.SQLException;

/** What a round needs of the thing under trial. */
interface World {

  Address main();

  /** A branch of main as it is now. */
  Address fork(String name) throws SQLException;

  /** Which answers of the branch still hold. */
  Verdicts check(String name) throws SQLException;

  /** Removes the branch, whether it is there or not. */
  void forget(String name) throws SQLException;

  /** A running server. */
  static World of(Product product) {
    return new World() {
      @Override
      public Address main() {
        return product.main();
      }

      @Override
      public Address fork(String name) {
        return product.create(name, Product.Wish.now().thrownAway());
      }

      @Override
      public Verdicts check(String name) {
        return Verdicts.of(product.check(name));
      }

      @Override
      public void forget(String name) {
        try {
          product.delete(name);
        } catch (Product.Refused e) {
          if (e.status() != 404) {
            throw e;
          }
        }
      }
    };
  }
}
