package dev.anabranch.trials.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.trials.LiveServer;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import dev.anabranch.trials.drive.Verdicts;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Branches of one fork point: when one lands, main has moved for the others. */
@Tag("postgres")
final class SiblingsTest {

  @Test
  void whenOneLandsTheOthersVerdictsKnow() throws Exception {
    Product product = LiveServer.shared().product();
    Address main = product.main();
    main.run(
        "CREATE SCHEMA siblings",
        "CREATE TABLE siblings.stock (id int PRIMARY KEY, qty int)",
        "INSERT INTO siblings.stock VALUES (1, 10), (2, 20)");
    Address one = product.create("sibling-1", Product.Wish.now());
    Address other = product.create("sibling-2", Product.Wish.latest());
    try {
      for (Address branch : List.of(one, other)) {
        try (Connection connection = branch.connect()) {
          Sql.ask(connection, "/* total */ SELECT sum(qty) FROM siblings.stock");
          Sql.ask(connection, "/* second */ SELECT qty FROM siblings.stock WHERE id = 2");
        }
      }
      one.run("UPDATE siblings.stock SET qty = 15 WHERE id = 1");
      other.run("UPDATE siblings.stock SET qty = 16 WHERE id = 1");
      assertThat(Verdicts.of(product.check("sibling-2")).labelled("second").getFirst().verdict())
          .isEqualTo("holds");

      assertThat(product.promote("sibling-1", false, List.of()).get("outcome").asString())
          .isEqualTo("landed");

      Verdicts verdicts = Verdicts.of(product.check("sibling-2"));
      Verdicts.Entry total = verdicts.labelled("total").getFirst();
      assertThat(total.verdict()).isEqualTo("changed");
      assertThat(total.now()).isEqualTo(List.of(List.of("35")));
      assertThat(verdicts.labelled("second").getFirst().verdict()).isEqualTo("holds");
      assertThat(product.promote("sibling-2", true, List.of()).get("outcome").asString())
          .isEqualTo("held");
    } finally {
      product.delete("sibling-1");
      product.delete("sibling-2");
      main.run("DROP SCHEMA siblings CASCADE");
    }
  }
}
