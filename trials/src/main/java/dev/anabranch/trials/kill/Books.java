package dev.anabranch.trials.kill;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What clients of one branch were told: the truth that the product is held to after a crash.
 * Written by the client's thread, read when that has ended.
 */
final class Books {

  /**
   * @param sql the statement, unique by a comment in it
   * @param value the one value that came back
   * @param receivedNanos when, by {@link System#nanoTime()}
   */
  record AnswerReceived(String sql, String value, long receivedNanos) {}

  private final ConcurrentLinkedQueue<AnswerReceived> answers = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> commits = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> takenBack = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> receipts = new ConcurrentLinkedQueue<>();

  void received(String sql, String value) {
    answers.add(new AnswerReceived(sql, value, System.nanoTime()));
  }

  /** A transaction that wrote the rows tagged {@code tag a} and {@code tag b} was acknowledged. */
  void committed(String tag) {
    commits.add(tag);
  }

  void promoted(String receipt) {
    receipts.add(receipt);
  }

  /** A transaction so tagged was there, and the branch was set back to before it. */
  void takenBack(String tag) {
    takenBack.add(tag);
  }

  List<String> takenBack() {
    return List.copyOf(takenBack);
  }

  List<AnswerReceived> answers() {
    return List.copyOf(answers);
  }

  List<String> commits() {
    return List.copyOf(commits);
  }

  List<String> receipts() {
    return List.copyOf(receipts);
  }

  /** Each answer's value by its statement. */
  Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    new ArrayList<>(answers).forEach(answer -> values.put(answer.sql(), answer.value()));
    return values;
  }
}
