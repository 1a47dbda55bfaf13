package dev.anabranch.trials.kill;

import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Debris;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.ServerProcess;
import dev.anabranch.trials.drive.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** Compares what clients were told before a kill with what there is after it. */
final class Aftermath {

  /** How long the product may take to be itself again. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final long GAP_NANOS = 50_000_000;

  /** For its own writes, and for its past. */
  private static final int BRANCH_SLOTS = 2;

  private static final String READ_ONLY = "25006";

  private final ServerProcess server;
  private final Address main;
  private final Round round;
  private final String branch;
  private final List<String> findings;
  private int undecided;

  Aftermath(ServerProcess server, Address main, Round round) {
    this.server = server;
    this.main = main;
    this.round = round;
    this.branch = round.branch();
    this.findings = new ArrayList<>();
  }

  /** What is wrong, in words; empty when nothing is. */
  List<String> findings() {
    return findings;
  }

  /** Answers that the check would rather not judge, which is never wrong. */
  int undecided() {
    return undecided;
  }

  void judge() throws SQLException {
    findings.addAll(round.findings());
    if (!branchIsWholeOrGone()) {
      return;
    }
    Map<String, Integer> written = written();
    judgeCommits(written);
    judgePasts();
    judgeAnswers();
    List<Long> changed = judgeVerdicts();
    judgePromotion(changed, written);
    judgeReceipts();
    server.product().delete(branch);
  }

  /**
   * Returns whether it is there. One that was not acknowledged may be gone, but then its name is
   * free; one that was being deleted can be brought back.
   */
  private boolean branchIsWholeOrGone() {
    if (eventually("listing the branches", this::branches).contains(branch)) {
      return true;
    }
    if (round.moment() == Moment.LIFE) {
      return eventually(
          "bringing the branch back",
          () -> {
            server.product().undelete(branch);
            return true;
          });
    }
    if (round.createAcknowledged()) {
      findings.add("the branch was acknowledged and is gone");
      return false;
    }
    eventually(
        "creating the branch once more", () -> server.product().create(branch, Product.Wish.now()));
    return true;
  }

  /** The tags on the branch; reaching it wakes it. */
  private Map<String, Integer> written() throws SQLException {
    return reached(server.product().branch(branch), connection -> Bank.tags(connection, branch));
  }

  private interface Question<T> {
    T ask(Connection connection) throws SQLException;
  }

  /** What the branch, or the branch as it was, says as soon as it says anything. */
  private <T> T reached(Address address, Question<T> question) throws SQLException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try (Connection connection = address.connect()) {
        Sql.run(connection, "SET anabranch.capture = 'off'");
        return question.ask(connection);
      } catch (SQLException e) {
        if (Sql.unexplained(e)) {
          findings.add("connecting failed unexplained: " + e.getMessage());
        }
        if (System.nanoTime() > deadline) {
          throw e;
        }
        LockSupport.parkNanos(GAP_NANOS);
      }
    }
  }

  private void judgeCommits(Map<String, Integer> written) {
    for (String tag : round.books().commits()) {
      if (!written.containsKey(tag + " a")) {
        findings.add("the commit of '" + tag + "' was acknowledged and is not on the branch");
      }
    }
    for (String tag : round.books().takenBack()) {
      if (written.containsKey(tag + " a")) {
        findings.add("'" + tag + "' was taken back and is on the branch");
      }
    }
    judgeWholeness("the branch", written);
  }

  /** Both halves of each transaction, once each. */
  private void judgeWholeness(String place, Map<String, Integer> tags) {
    tags.forEach((tag, count) -> {
      String base = tag.substring(0, tag.length() - 2);
      if (count != 1) {
        findings.add("'" + tag + "' is on " + place + " " + count + " times");
      }
      if (!tags.containsKey(base + " a") || !tags.containsKey(base + " b")) {
        findings.add("only half of '" + base + "' is on " + place);
      }
    });
  }

  /**
   * Nothing is left of what showed the branch as it was; and the oldest and the newest moment can
   * be looked at again, and are what they were.
   */
  private void judgePasts() throws SQLException {
    List<Books.Past> pasts = round.books().pasts();
    if (pasts.isEmpty()) {
      return;
    }
    findings.addAll(new Debris(server, main).found());
    if (round.victim() == Victim.SERVER
        && server.product().status().path("pools").path("views").asInt() != 0) {
      findings.add("a server that has just begun has views");
    }
    Address now = server.product().branch(branch);
    for (Books.Past past : new HashSet<>(List.of(pasts.getFirst(), pasts.getLast()))) {
      Address then = now.at(past.moment());
      Bank.difference(past, reached(then, connection -> Bank.tags(connection, branch)))
          .ifPresent(findings::add);
      if (reached(then, Aftermath::takesWrites)) {
        findings.add("as it was at " + past.moment() + " it can be written to");
      }
    }
    List<String> slots =
        reached(
            now, connection -> Sql.texts(connection, "SELECT slot_name FROM pg_replication_slots"));
    if (slots.size() > BRANCH_SLOTS) {
      findings.add("the branch has the slots " + slots);
    }
  }

  private static boolean takesWrites(Connection connection) throws SQLException {
    try {
      Sql.run(connection, "UPDATE accounts SET note = 'rewritten'");
      return true;
    } catch (SQLException e) {
      if (READ_ONLY.equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  private void judgeAnswers() {
    Map<String, Integer> kept = new HashMap<>();
    for (JsonNode answer : server.product().answers(branch)) {
      if (answer.path("withheld").asInt() == 0) { // else it says how many, and not which
        kept.merge(answer.path("sql").asString(), 1, Integer::sum);
      }
    }
    kept.forEach((sql, count) -> {
      if (count != 1) {
        findings.add("the ledger has " + count + " times: " + sql);
      }
    });
    for (Books.AnswerReceived answer : round.books().answers()) {
      if (!kept.containsKey(answer.sql())) {
        long before = (round.killedNanos() - answer.receivedNanos()) / 1_000_000;
        findings.add(
            "an answer received "
                + before
                + " ms before the kill is not in the ledger: "
                + answer.sql());
      }
    }
  }

  /**
   * Production is quiet by now, so that brute force is one look at main. Returns the answers that
   * changed.
   */
  private List<Long> judgeVerdicts() throws SQLException {
    JsonNode check = eventually("checking", () -> server.product().check(branch));
    Map<String, String> was = round.books().values();
    Map<String, String> now = balances();
    List<Long> changed = new ArrayList<>();
    Set<Long> withheld = new HashSet<>();
    check.path("withheld").forEach(one -> withheld.add(one.path("answer").asLong()));
    for (JsonNode answer : check.path("answers")) {
      String sql = answer.path("sql").asString();
      String verdict = answer.path("verdict").asString();
      if (!sql.startsWith("SELECT balance")) {
        if (withheld.contains(answer.path("id").asLong())) {
          changed.add(answer.path("id").asLong()); // our own look at the tags
        }
        continue;
      }
      if (!was.containsKey(sql)) {
        changed.add(answer.path("id").asLong()); // the client died before it got this one
        continue;
      }
      boolean same = was.get(sql).equals(now.get(Integer.toString(Bank.accountOf(sql))));
      if (verdict.equals("undecided")) {
        undecided++;
      } else if (!verdict.equals(same ? "holds" : "changed")) {
        findings.add(
            (same ? "still true" : "NOT true any more") + " and judged " + verdict + ": " + answer);
      }
      if (!verdict.equals("holds")) {
        changed.add(answer.path("id").asLong());
      }
    }
    return changed;
  }

  private Map<String, String> balances() throws SQLException {
    Map<String, String> balances = new HashMap<>();
    for (String row : main.texts("SELECT id || '=' || balance FROM accounts")) {
      balances.put(row.substring(0, row.indexOf('=')), row.substring(row.indexOf('=') + 1));
    }
    return balances;
  }

  /** Everything lands, once and whole, and nothing is left to land. */
  private void judgePromotion(List<Long> accept, Map<String, Integer> written) throws SQLException {
    JsonNode promotion =
        eventually("promoting", () -> server.product().promote(branch, false, accept));
    String outcome = promotion.path("outcome").asString();
    if (!List.of("landed", "nothing").contains(outcome)) {
      findings.add("with everything accepted the promotion ended with " + promotion);
      return;
    }
    JsonNode again = server.product().promote(branch, false, accept);
    if (!again.path("outcome").asString().equals("nothing")) {
      findings.add("promoted again it ended with " + again);
    }
    Map<String, Integer> landed = landed();
    judgeWholeness("main", landed);
    if (!landed.keySet().equals(written.keySet())) {
      List<String> missing = new ArrayList<>(written.keySet());
      missing.removeAll(landed.keySet());
      findings.add("the promotion ended with " + outcome + " and main lacks " + missing);
    }
    round.books().promoted(promotion.path("receipt").asString());
  }

  private Map<String, Integer> landed() throws SQLException {
    try (Connection connection = main.connect()) {
      return Bank.tags(connection, branch);
    }
  }

  private void judgeReceipts() {
    for (String receipt : round.books().receipts()) {
      try {
        server.product().receipt(receipt);
      } catch (Product.Refused e) {
        findings.add(
            "there is no receipt '" + receipt + "' although it was handed out: " + e.getMessage());
      }
    }
  }

  private List<String> branches() {
    List<String> names = new ArrayList<>();
    server.product().branches().forEach(b -> names.add(b.path("name").asString()));
    return names;
  }

  /**
   * After a kill things may be refused for a while, each time with a reason, and then they work.
   */
  private <T> T eventually(String doing, Supplier<T> call) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return call.get();
      } catch (Product.Refused e) {
        if (e.unexplained()) {
          findings.add(doing + " failed unexplained: " + e.getMessage());
        }
        if (System.nanoTime() > deadline) {
          throw e;
        }
        LockSupport.parkNanos(GAP_NANOS);
      }
    }
  }
}
