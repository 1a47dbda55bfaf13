package dev.anabranch.check.diff;

import dev.anabranch.base.BranchId;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Ledger;
import dev.anabranch.ledger.Question;
import dev.anabranch.ledger.Task;
import dev.anabranch.ledger.TaskName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What one unit was made for, as far as its own transaction tells. */
final class UnitTask {

  /** A transaction id as decoding reports it. */
  private static final long SHORT = 0xFFFF_FFFFL;

  private UnitTask() {}

  /**
   * By the name that people know it by.
   *
   * @param transactionId the unit's, of 32 bits
   */
  static Optional<String> name(Ledger ledger, BranchId branch, long transactionId) {
    List<Ending> endings =
        ledger.endings(branch).stream()
            .filter(ending ->
                ending.transactionId().isPresent()
                    && (ending.transactionId().getAsLong() & SHORT) == transactionId)
            .toList();
    if (endings.size() != 1) {
      return Optional.empty();
    }
    Ending ending = endings.getFirst();
    List<Answer> own =
        ledger.answers(branch).stream()
            .filter(answer ->
                answer.session().equals(ending.session())
                    && answer.transaction() == ending.transaction())
            .toList();
    Task task =
        Stream.concat(own.stream().map(Answer::task), Stream.of(ending.task()))
            .filter(said -> said instanceof Task.Named || said instanceof Task.Traced)
            .findFirst()
            .orElse(ending.task());
    List<Question> statements = own.stream().map(Answer::question).toList();
    return Optional.of(TaskName.of(task, statements)).filter(name -> !name.isEmpty());
  }
}
