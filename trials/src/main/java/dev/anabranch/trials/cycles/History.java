package dev.anabranch.trials.cycles;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was said on a branch, in the order it was said, and what became of it. */
final class History {

  /** One transaction of a session. */
  static final class Transaction {
    final int number;
    final Program program;
    final String session;
    boolean committed;
    boolean wrote;
    boolean landed;
    Facts.@Nullable Effect effect;

    Transaction(int number, Program program, String session) {
      this.number = number;
      this.program = program;
      this.session = session;
    }

    /** Whether it is a unit of the branch. */
    boolean unit() {
      return committed && wrote;
    }

    Facts.Effect effect() {
      return Objects.requireNonNull(effect);
    }
  }

  /**
   * One statement.
   *
   * @param number its place
   * @param label its name in the check's report
   * @param ends whether its transaction ends with it
   */
  record Entry(
      int number, Line line, String label, Transaction transaction, Told told, boolean ends) {

    String session() {
      return transaction.session;
    }

    Program program() {
      return transaction.program;
    }

    String inWords() {
      return session() + "> " + line.sql() + " " + line.parameters();
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private final List<Transaction> transactions = new ArrayList<>();

  Transaction begin(Program program, String session) {
    Transaction transaction = new Transaction(transactions.size(), program, session);
    transactions.add(transaction);
    return transaction;
  }

  Entry add(Line line, String label, Transaction transaction, Told told, boolean ends) {
    Entry entry = new Entry(entries.size(), line, label, transaction, told, ends);
    entries.add(entry);
    return entry;
  }

  /** All that is not on main: what landed is main's. */
  List<Entry> pending() {
    return entries.stream().filter(entry -> !entry.transaction().landed).toList();
  }

  List<Entry> all() {
    return List.copyOf(entries);
  }

  /** In commit order, which is the order of the branch's units. */
  List<Transaction> units(List<Transaction> committed) {
    return committed.stream().filter(Transaction::unit).toList();
  }

  /** The last told of a program, if it has said anything. */
  Optional<Told> lastOf(Program program) {
    return entries.reversed().stream()
        .filter(entry -> entry.program().equals(program))
        .map(Entry::told)
        .findFirst();
  }
}
