package dev.anabranch.trials.cycles;

import dev.anabranch.trials.cycles.Copies.Stock;
import dev.anabranch.trials.cycles.History.Entry;
import dev.anabranch.trials.cycles.History.Transaction;
import dev.anabranch.trials.cycles.Wrong.Nature;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import dev.anabranch.trials.drive.Verdicts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One course told to a running server, and everything that came of it judged. */
final class Life {

  private static final String RERUN = "rerun";

  private final Product product;
  private final Address judge;
  private final String name;
  private final String schema;
  private final Course course;
  private final Tally tally;
  private final List<Wrong> wrongs = new ArrayList<>();
  private final History history = new History();
  private final List<Transaction> committed = new ArrayList<>();
  private final Set<Long> unitIds = new TreeSet<>();
  private final Numbers numbers = new Numbers();
  private Optional<Aftermath.Landed> last = Optional.empty();

  /**
   * @param judge a Postgres of the trial's own
   * @param name of the branch
   * @param tally counts what is judged
   */
  Life(Product product, Address judge, String name, Course course, Tally tally) {
    this.product = product;
    this.judge = judge;
    this.name = name;
    this.schema = schema(name);
    this.course = course;
    this.tally = tally;
  }

  static String schema(String name) {
    return name.replace('-', '_');
  }

  /** Tells it to its end, or to the first stage after which something was wrong. */
  List<Wrong> tell() throws SQLException {
    try (Connection main = product.main().connect()) {
      Sql.run(main, Shop.tables(schema));
      Sql.run(main, Shop.rows(schema));
      Shop.COMBINED.forEach((column, rule) -> product.setRule(schema + "." + column, rule));
      Contents.Layout layout = Contents.layout(main, schema);
      Address branch = product.create(name, Product.Wish.now().thrownAway());
      try (Copies copies = new Copies(judge, schema, schema);
          Work work = new Work(branch, schema, layout, history, committed, numbers)) {
        Judgement judgement = new Judgement(copies, schema, layout, numbers);
        for (int i = 0; i < course.rounds().size() && wrongs.isEmpty(); i++) {
          Course.Stage stage = course.rounds().get(i);
          work.play(stage.programs(), course.order() + i);
          move(main, copies, stage.moves());
          promote(main, layout, judgement, stage.during(), "prod" + i);
        }
        if (wrongs.isEmpty()) {
          executeAgain(main, layout, judgement);
        }
        if (wrongs.isEmpty()) {
          wrongs.addAll(
              new Aftermath(product, main, name, schema, course.order(), tally).tell(last));
        }
      }
    } finally {
      cleanUp();
    }
    wrongs.forEach(tally::wrong);
    return wrongs;
  }

  private void cleanUp() throws SQLException {
    try {
      product.delete(name);
    } catch (Product.Refused e) {
      if (e.status() != 404) {
        throw e;
      }
    }
    product
        .main()
        .run(
            "DROP SCHEMA IF EXISTS " + schema + " CASCADE",
            "DROP SCHEMA IF EXISTS " + schema + "_a CASCADE");
  }

  private void move(Connection main, Copies copies, List<Move> moves) throws SQLException {
    for (Move move : moves) {
      if (move.schema()) {
        try {
          copies.alter(move.statements());
        } catch (SQLException e) {
          continue; // a migration that an earlier one has made impossible
        }
      }
      for (String sql : move.statements()) {
        try {
          Sql.run(main, sql);
        } catch (SQLException e) {
          if (move.schema()) {
            throw e;
          }
        }
      }
    }
  }

  private void promote(
      Connection main, Contents.Layout layout, Judgement judgement, List<Move> during, String mark)
      throws SQLException {
    List<Entry> pending = history.pending();
    long began = System.nanoTime();
    Stock before = Stock.take(main, schema);
    MainState was = state();
    Verdicts verdicts;
    JsonNode promotion;
    List<String> done;
    try {
      verdicts = Verdicts.of(product.check(name));
      CompletableFuture<List<String>> meanwhile =
          CompletableFuture.supplyAsync(() -> alongside(during));
      try {
        promotion = product.promote(name, false, List.of());
      } finally {
        done = meanwhile.join();
      }
    } catch (Product.Refused e) {
      wrongs.add(new Wrong(Nature.FAILURE, "", "check or promotion fails: " + e.getMessage()));
      return;
    }
    long promoted = System.nanoTime();
    last =
        during.isEmpty() && !promotion.get("committed").isNull()
            ? Optional.of(new Aftermath.Landed(promotion.get("receipt").asString(), was, state()))
            : Optional.empty();
    Contents after = Contents.read(main, schema, layout);
    Set<Transaction> landed = landed(promotion);
    if (wrongs.isEmpty()) {
      wrongs.addAll(judgement.verdicts(before, pending, verdicts, tally));
      Numbers onMain = new Numbers();
      onMain.learn(after);
      wrongs.addAll(
          judgement.landing(before, pending, landed, Set.of(), done, after.facts(onMain)));
      if (done.isEmpty()) {
        judgement
            .shouldLand(before, pending)
            .forEach(unit -> tally.shouldLand(unit.program.kind(), landed.contains(unit)));
      }
    }
    if (!wrongs.isEmpty()) {
      List<String> facts = new ArrayList<>();
      promotion.path("facts").forEach(fact -> facts.add(fact.path("sentence").asString("")));
      Wrong last = wrongs.removeLast();
      wrongs.add(new Wrong(last.nature(), last.program(), last.report() + " | facts: " + facts));
    }
    landed.forEach(unit -> unit.landed = true);
    production(main, judgement, before, mark);
    tally.promotion(landed.size(), (promoted - began) / 1e9, (System.nanoTime() - promoted) / 1e9);
  }

  /** Has the statements of one unit executed again, by chance, where that is offered. */
  private void executeAgain(Connection main, Contents.Layout layout, Judgement judgement)
      throws SQLException {
    List<JsonNode> offered = new ArrayList<>();
    try {
      product
          .facts(name)
          .path("facts")
          .forEach(fact -> {
            if (fact.path("choices").valueStream().anyMatch(one -> one.asString().equals(RERUN))) {
              offered.add(fact);
            }
          });
      if (offered.isEmpty()) {
        return;
      }
      JsonNode fact = offered.get(new SplittableRandom(course.order()).nextInt(offered.size()));
      ObjectNode body = JsonNodeFactory.instance.objectNode().put("dryRun", false);
      body.put("who", "chance")
          .putArray("decide")
          .addObject()
          .put("fact", fact.path("id").asString())
          .put("choice", RERUN);
      List<Entry> pending = history.pending();
      Stock before = Stock.take(main, schema);
      MainState was = state();
      JsonNode promotion = product.promote(name, body);
      Contents after = Contents.read(main, schema, layout);
      Set<Transaction> landed = landed(promotion);
      Set<Transaction> again = Set.of(unit(fact.path("rerun").path("unit").asLong()));
      Numbers onMain = new Numbers();
      onMain.learn(after);
      wrongs.addAll(
          judgement.landing(before, pending, landed, again, List.of(), after.facts(onMain)));
      landed.forEach(unit -> unit.landed = true);
      if (landed.containsAll(again)) {
        tally.executedAgain();
      }
      if (!promotion.get("committed").isNull()) {
        last = Optional.of(new Aftermath.Landed(promotion.get("receipt").asString(), was, state()));
      }
    } catch (Product.Refused e) {
      wrongs.add(new Wrong(Nature.FAILURE, "", "executing again fails: " + e.getMessage()));
    }
  }

  private Transaction unit(long id) {
    return history.units(committed).get(List.copyOf(unitIds).indexOf(id));
  }

  /** By a session of its own, since it sets how cells are spelled. */
  private MainState state() throws SQLException {
    try (Connection own = product.main().connect()) {
      return MainState.read(own, schema);
    }
  }

  /** What of main's writes went through while the promotion ran. */
  private List<String> alongside(List<Move> during) {
    List<String> done = new ArrayList<>();
    if (during.isEmpty()) {
      return done;
    }
    try (Connection main = product.main().connect()) {
      Sql.run(main, "SET search_path = " + schema);
      for (Move move : during) {
        for (String sql : move.statements()) {
          Sql.run(main, sql);
          done.add(sql);
        }
      }
    } catch (SQLException e) {
      return done;
    }
    return done;
  }

  /** Units are the transactions that wrote, in the order of their commits. */
  private Set<Transaction> landed(JsonNode promotion) {
    List<Transaction> units = history.units(committed);
    JsonNode receipt = product.receipt(promotion.get("receipt").asString(""));
    Set<Long> landed = new TreeSet<>();
    receipt.path("landed").forEach(id -> landed.add(id.asLong()));
    unitIds.addAll(landed);
    receipt.path("held").forEach(id -> unitIds.add(id.asLong()));
    Set<Transaction> found = new LinkedHashSet<>();
    if (unitIds.size() != units.size()) {
      wrongs.add(
          new Wrong(
              Nature.FAILURE,
              "",
              "%d transactions wrote, and the receipts name %d units: %s"
                  .formatted(units.size(), unitIds.size(), promotion)));
      return found;
    }
    int place = 0;
    for (long id : unitIds) {
      Transaction unit = units.get(place++);
      if (landed.contains(id)) {
        if (unit.landed) {
          wrongs.add(
              new Wrong(Nature.FAILURE, unit.program.kind(), "unit " + id + " landed twice"));
        }
        found.add(unit);
      }
    }
    return found;
  }

  private void production(Connection main, Judgement judgement, Stock before, String mark)
      throws SQLException {
    Map<String, String> failed = new LinkedHashMap<>();
    List<String> writes = Shop.everyday(mark);
    for (String sql : writes) {
      try {
        Sql.run(main, sql);
      } catch (SQLException e) {
        failed.put(sql, String.valueOf(e.getMessage()));
      }
    }
    if (!failed.isEmpty()) {
      judgement.failuresAnyway(before, writes).forEach(failed::remove);
      failed.forEach((sql, error) ->
          wrongs.add(new Wrong(Nature.PRODUCTION_FAILS, "", sql + " fails: " + error)));
    }
  }
}
