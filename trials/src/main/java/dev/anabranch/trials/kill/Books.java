package dev.anabranch.trials.kill;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  /**
   * The branch as it was.
   *
   * @param moment when, by the clock or the branch's own log
   * @param commits the tags of all transactions that it held, and it held no more
   */
  record Past(String moment, Set<String> commits) {
    Past {
      commits = Set.copyOf(commits);
    }
  }

  private final ConcurrentLinkedQueue<AnswerReceived> answers = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> commits = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> takenBack = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Past> pasts = new ConcurrentLinkedQueue<>();
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

  /** What was acknowledged so far, and nothing else, was on the branch at this moment. */
  Past passed(String moment) {
    Past past = new Past(moment, Set.copyOf(commits));
    pasts.add(past);
    return past;
  }

  List<Past> pasts() {
    return List.copyOf(pasts);
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
