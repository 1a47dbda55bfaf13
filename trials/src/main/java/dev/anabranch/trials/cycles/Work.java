package dev.anabranch.trials.cycles;

import dev.anabranch.trials.cycles.History.Transaction;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Plays programs on a branch, statement by statement, and watches what each transaction changes.
 */
final class Work implements AutoCloseable {

  private final Address branch;
  private final String schema;
  private final Contents.Layout layout;
  private final History history;
  private final List<Transaction> committed;
  private final Numbers numbers;
  private final Connection observer;
  private final Map<String, Transaction> open = new HashMap<>();
  private final Set<String> failed = new HashSet<>();
  private Contents last;

  Work(
      Address branch,
      String schema,
      Contents.Layout layout,
      History history,
      List<Transaction> committed,
      Numbers numbers)
      throws SQLException {
    this.branch = branch;
    this.schema = schema;
    this.layout = layout;
    this.history = history;
    this.committed = committed;
    this.numbers = numbers;
    this.observer = branch.connect(Map.of("ApplicationName", "observer"));
    Sql.run(observer, "SET anabranch.task = 'observer'");
    Sql.run(observer, "SET anabranch.capture = 'off'");
    this.last = Contents.read(observer, schema, layout);
    numbers.learn(last);
  }

  /** Plays programs beside each other; their sessions end with them. */
  void play(List<Program> programs, long order) throws SQLException {
    SplittableRandom dice = new SplittableRandom(order);
    Map<Program, Integer> places = new HashMap<>();
    List<Program> left = new ArrayList<>(programs);
    @Nullable Program inTransaction = null;
    try (Player player = new Player(branch::connect, schema)) {
      while (!left.isEmpty()) {
        Program program =
            inTransaction != null && dice.nextInt(100) < 80
                ? inTransaction
                : left.get(dice.nextInt(left.size()));
        int place = places.getOrDefault(program, 0);
        Line line = program.lines().get(place);
        if (history.lastOf(program).map(told -> told.allows(line.when())).orElse(true)) {
          say(player, program, line);
        }
        inTransaction = open.containsKey(program.session(line)) ? program : null;
        places.put(program, place + 1);
        if (place + 1 == program.lines().size()) {
          left.remove(program);
        }
      }
    }
  }

  private void say(Player player, Program program, Line line) throws SQLException {
    String session = program.session(line);
    if (line.sql().contains("'{") && history.lastOf(program).filter(Told::something).isEmpty()) {
      return;
    }
    String label = program.task() + "-" + first(program, line);
    Told told = player.say(program, line, label);
    line.remember()
        .ifPresent(name ->
            line.drawn()
                .values()
                .forEach(table ->
                    numbers.remember(program.task() + name, table, told.firstCell().orElse("0"))));
    Transaction known = open.get(session);
    Transaction transaction = known == null ? history.begin(program, session) : known;
    if (line.begins()) {
      open.put(session, transaction);
    }
    if (told instanceof Told.Refused) {
      failed.add(session);
    } else if (line.sql().startsWith("ROLLBACK TO")) {
      failed.remove(session);
    }
    boolean ends = line.begins() ? false : known == null || line.ends();
    if (ends) {
      transaction.committed = !failed.contains(session) && !line.sql().equals("ROLLBACK");
      open.remove(session);
      failed.remove(session);
      settle(transaction);
    }
    history.add(line, label, transaction, told, ends);
  }

  private static int first(Program program, Line line) {
    for (int i = 0; i < program.lines().size(); i++) {
      if (program.lines().get(i).sql().equals(line.sql())) {
        return i;
      }
    }
    throw new IllegalArgumentException(line.sql());
  }

  private void settle(Transaction transaction) throws SQLException {
    Contents now = Contents.read(observer, schema, layout);
    numbers.learn(now);
    transaction.effect = last.facts(numbers).to(now.facts(numbers));
    transaction.wrote = !last.versions().equals(now.versions());
    last = now;
    if (transaction.committed) {
      committed.add(transaction);
    }
  }

  @Override
  public void close() throws SQLException {
    observer.close();
  }
}
