package dev.anabranch.trials.cycles;

import dev.anabranch.trials.cycles.MainState.RowId;
import dev.anabranch.trials.cycles.Wrong.Nature;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a life ends with: somebody decides what is open, by chance, production writes on, and the
 * promotion is undone, and done again. After each of them main's rows are compared with what they
 * should be.
 */
final class Aftermath {

  private static final int TURNS = 2;

  private final Product product;
  private final Connection main;
  private final String name;
  private final String schema;
  private final SplittableRandom dice;
  private final Moves moves;
  private final Tally tally;
  private final List<Wrong> wrongs = new ArrayList<>();
  private final List<Long> dropped = new ArrayList<>();

  Aftermath(Product product, Connection main, String name, String schema, long seed, Tally tally) {
    this.product = product;
    this.main = main;
    this.name = name;
    this.schema = schema;
    this.dice = new SplittableRandom(seed);
    this.moves = new Moves(dice.split(), schema);
    this.tally = tally;
  }

  /**
   * A fact and what was decided about it.
   *
   * @param fact as it was shown
   * @param value the cells given by hand, when it is that
   */
  record Decided(JsonNode fact, String choice, JsonNode value) {}

  /**
   * A promotion that wrote, while main stood still.
   *
   * @param receipt its id
   */
  record Landed(String receipt, MainState before, MainState promoted) {}

  /**
   * @param last the life's last promotion, if it was one
   */
  List<Wrong> tell(Optional<Landed> last) throws SQLException {
    try {
      if (last.isPresent()) {
        undo(last.get());
      }
      for (int turn = 0; turn < TURNS && wrongs.isEmpty(); turn++) {
        turn();
      }
    } catch (Product.Refused e) {
      wrongs.add(new Wrong(Nature.FAILURE, "", "deciding or undoing fails: " + e.getMessage()));
    } finally {
      Sql.run(main, "SET search_path = " + schema);
    }
    return wrongs;
  }

  private void turn() throws SQLException {
    List<Decided> decided = decide(product.facts(name).path("facts"));
    MainState before = MainState.read(main, schema);
    JsonNode promotion = product.promote(name, body(decided));
    JsonNode receipt = product.receipt(promotion.get("receipt").asString());
    MainState promoted = MainState.read(main, schema);
    wrong(
        Nature.OTHER_ROWS,
        "after deciding " + inWords(decided),
        new DecisionJudgement(before, promoted, receipt).wrongs(decided));
    receipt
        .path("landed")
        .forEach(unit -> {
          if (dropped.contains(unit.asLong())) {
            wrong(Nature.FAILURE, "", List.of("dropped unit " + unit + " has landed"));
          }
        });
    decided.stream()
        .filter(one -> one.choice().equals("drop"))
        .forEach(one -> one.fact().path("units").forEach(unit -> dropped.add(unit.asLong())));
    tally.decided(decided.size());
    if (promotion.get("committed").isNull() || !wrongs.isEmpty()) {
      return;
    }
    undo(new Landed(receipt.get("id").asString(), before, promoted));
  }

  private void undo(Landed landed) throws SQLException {
    edit(landed.before(), landed.promoted());
    MainState edited = MainState.read(main, schema);
    JsonNode undoing = product.undo(landed.receipt(), false);
    MainState undone = MainState.read(main, schema);
    String outcome = undoing.get("outcome").asString();
    wrong(
        Nature.OTHER_ROWS,
        "undone (" + outcome + ")",
        new UndoJudgement(landed.before(), landed.promoted(), edited, sums(landed.receipt()))
            .wrongs(outcome, undone));
    tally.undone();
    if (!undoing.get("committed").isNull() && wrongs.isEmpty() && dice.nextBoolean()) {
      again(undoing, edited);
    }
  }

  /** The cells that a promotion added to. */
  private Set<UndoJudgement.Cell> sums(String receipt) {
    Set<UndoJudgement.Cell> sums = new HashSet<>();
    for (JsonNode merged : product.receipt(receipt).path("merged")) {
      if (merged.path("rule").asString().equals("counter")) {
        Map<String, String> key = new TreeMap<>();
        merged
            .path("key")
            .properties()
            .forEach(part -> key.put(part.getKey(), part.getValue().asString()));
        sums.add(
            new UndoJudgement.Cell(
                new RowId(merged.path("table").asString(), key), merged.path("column").asString()));
      }
    }
    return sums;
  }

  /** An undoing that is undone at once leaves what there was. */
  private void again(JsonNode undoing, MainState edited) throws SQLException {
    JsonNode redoing = product.undo(undoing.get("receipt").asString(), false);
    if (redoing.get("outcome").asString().equals("landed")) {
      List<String> others = new ArrayList<>();
      MainState now = MainState.read(main, schema);
      for (RowId row : edited.differing(now)) {
        others.add(row + " was " + edited.row(row) + " and is " + now.row(row));
      }
      wrong(Nature.OTHER_ROWS, "undone and done again", others);
    }
  }

  private List<Decided> decide(JsonNode facts) {
    List<Decided> decided = new ArrayList<>();
    for (JsonNode fact : facts) {
      JsonNode choices = fact.path("choices");
      if (fact.path("decided").isNull() && !choices.isEmpty() && dice.nextInt(3) > 0) {
        String choice = choices.get(dice.nextInt(choices.size())).asString();
        ObjectNode value = JsonNodeFactory.instance.objectNode();
        if (choice.equals("value")) {
          fact.path(dice.nextBoolean() ? "branch" : "main")
              .properties()
              .forEach(cell -> value.set(cell.getKey(), cell.getValue()));
        }
        if (!choice.equals("value") || !value.isEmpty()) {
          decided.add(new Decided(fact, choice, value));
        }
      }
    }
    return decided;
  }

  private static ObjectNode body(List<Decided> decided) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("dryRun", false);
    ArrayNode decide = body.put("who", "chance").putArray("decide");
    for (Decided one : decided) {
      ObjectNode node = decide.addObject();
      node.put("fact", one.fact().path("id").asString()).put("choice", one.choice());
      if (one.choice().equals("value")) {
        node.set("value", one.value());
      }
    }
    return body;
  }

  /** Other rows, and now and then one that the promotion wrote. */
  private void edit(MainState before, MainState promoted) throws SQLException {
    Sql.run(main, "SET search_path = " + schema);
    for (int i = 0; i < dice.nextInt(3); i++) {
      for (String sql : moves.related().statements()) {
        attempt(sql);
      }
    }
    List<RowId> written = List.copyOf(before.differing(promoted));
    if (!written.isEmpty() && dice.nextBoolean()) {
      RowId row = written.get(dice.nextInt(written.size()));
      List<String> columns = promoted.row(row).map(Map::keySet).map(List::copyOf).orElse(List.of());
      if (!columns.isEmpty()) {
        String column = columns.get(dice.nextInt(columns.size()));
        String cell = "\"" + column + "\"";
        attempt(
            "UPDATE " + row.table() + " SET " + cell + " = " + cell + " + 1 WHERE " + row.where());
        attempt(
            "UPDATE "
                + row.table()
                + " SET "
                + cell
                + " = "
                + cell
                + " || 'x' WHERE "
                + row.where());
      }
    }
  }

  private void attempt(String sql) {
    try {
      Sql.run(main, sql);
    } catch (SQLException e) {
      // what main itself refuses is no edit
    }
  }

  private static String inWords(List<Decided> decided) {
    return decided.stream()
        .map(one -> one.choice() + " of " + one.fact().path("sentence").asString())
        .toList()
        .toString();
  }

  private void wrong(Nature nature, String when, List<String> what) {
    what.forEach(one -> wrongs.add(new Wrong(nature, "", when + ": " + one)));
  }
}
