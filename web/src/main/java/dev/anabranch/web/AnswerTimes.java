package dev.anabranch.web;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * When answers were asked, and when main wrote what has changed them, to be drawn one above the
 * other.
 *
 * @param from where it begins: the fork point, or the first thing that it shows
 * @param to where it ends
 * @param asked the answers
 * @param commits main's, by their positions
 * @param links from each changed answer to the commits that changed it
 */
public record AnswerTimes(
    Instant from, Instant to, List<Asked> asked, List<Commit> commits, List<Link> links) {

  public static final int WIDTH = 1000;
  public static final int HEIGHT = 96;

  /** Where answers are drawn, and where main is. */
  public static final int ABOVE = 24;

  public static final int BELOW = 68;

  private static final int MARGIN = 8;

  /** An answer. */
  public record Asked(long id, String x, String tone, String told) {}

  /** A commit of main. */
  public record Commit(String x, String told) {}

  /** That a commit changed an answer. */
  public record Link(String above, String below) {}

  /** One moment of main's, and where it is. */
  private record Written(String lsn, Instant at) {}

  /** Empty where there is nothing to draw. */
  static Optional<AnswerTimes> of(Instant fork, List<AnswerSeen> answers, Instant now) {
    Scale scale = Scale.over(fork, answers, now);
    List<Asked> asked = new ArrayList<>();
    Map<String, Commit> commits = new TreeMap<>();
    List<Link> links = new ArrayList<>();
    for (AnswerSeen answer : answers) {
      if (answer.askedAt() == null) {
        continue;
      }
      String x = scale.x(answer.askedAt());
      asked.add(
          new Asked(
              answer.id(),
              x,
              Choices.tone(answer.verdict()),
              "answer "
                  + answer.id()
                  + ", "
                  + answer.verdict()
                  + ", asked "
                  + PageTexts.time(answer.askedAt())));
      for (Written written : written(answer)) {
        String below = scale.x(written.at());
        commits.putIfAbsent(
            written.lsn(),
            new Commit(below, "main at " + written.lsn() + ", " + PageTexts.time(written.at())));
        links.add(new Link(x, below));
      }
    }
    return asked.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new AnswerTimes(
                scale.from(),
                scale.to(),
                asked,
                List.copyOf(commits.values()),
                links.stream().distinct().toList()));
  }

  private static List<Written> written(AnswerSeen answer) {
    List<Written> writes = new ArrayList<>();
    for (AnswerSeen.RowChange row : answer.evidence()) {
      if (row.lsn() != null && row.at() != null) {
        writes.add(new Written(row.lsn(), row.at()));
      }
    }
    return writes.stream().distinct().toList();
  }

  /** What there is to see, in words. */
  public String described() {
    long changed = asked.stream().filter(answer -> answer.tone().equals("bad")).count();
    return PageTexts.count(asked.size(), "answer")
        + " above, "
        + PageTexts.number(changed)
        + " changed; "
        + PageTexts.count(commits.size(), "commit")
        + " of main below that changed them. The table has the same.";
  }

  private record Scale(Instant from, Instant to) {

    static Scale over(Instant fork, List<AnswerSeen> answers, Instant now) {
      Instant first = fork;
      Instant last = now;
      for (AnswerSeen answer : answers) {
        Instant asked = answer.askedAt();
        if (asked != null) {
          first = asked.isBefore(first) ? asked : first;
          last = asked.isAfter(last) ? asked : last;
        }
        for (Written written : written(answer)) {
          first = written.at().isBefore(first) ? written.at() : first;
          last = written.at().isAfter(last) ? written.at() : last;
        }
      }
      return new Scale(first, last);
    }

    String x(Instant at) {
      double whole = Math.max(1, Duration.between(from, to).toMillis());
      double part = Duration.between(from, at).toMillis() / whole;
      return String.format(Locale.ROOT, "%.1f", MARGIN + part * (WIDTH - 2 * MARGIN));
    }
  }
}
