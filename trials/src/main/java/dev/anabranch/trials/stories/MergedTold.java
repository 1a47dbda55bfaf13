package dev.anabranch.trials.stories;

import dev.anabranch.trials.drive.Product;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Rules by which columns combine, as stories set them, and what promotions tell of them. */
final class MergedTold {

  private MergedTold() {}

  /** Sets one, and says what came out otherwise than told. */
  static Optional<String> setRule(Product product, String schema, String said) {
    String[] parts = said.split(" *[=:] *");
    Optional<String> expected = Stream.of(parts).skip(2).findFirst();
    Optional<String> refused = refusal(product, schema + "." + parts[0], parts[1]);
    boolean asTold =
        expected.isPresent() == refused.isPresent()
            && expected.filter(code -> !refused.orElse("").contains(code)).isEmpty();
    return asTold ? Optional.empty() : Optional.of("rule " + said + ": " + refused.orElse("set"));
  }

  private static Optional<String> refusal(Product product, String column, String rule) {
    try {
      product.setRule(column, rule);
      return Optional.empty();
    } catch (Product.Refused e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** The cells that a promotion combined, in the words of a story. */
  static List<String> of(JsonNode promotion) {
    return promotion
        .path("merged")
        .valueStream()
        .map(cell ->
            String.join(
                    " ",
                    Stream.of("column", "rule", "base", "branch", "main")
                        .map(part -> cell.path(part).asString("?"))
                        .toList())
                + " = "
                + cell.path("merged").asString("?"))
        .sorted()
        .toList();
  }
}
