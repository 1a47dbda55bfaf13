package dev.anabranch.promote;

import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import java.util.UUID;

/** A transaction of a branch's client, as the gateway counts them. */
record Run(UUID session, long transaction) {

  static Run of(Answer answer) {
    return new Run(answer.session(), answer.transaction());
  }

  static Run of(Ending ending) {
    return new Run(ending.session(), ending.transaction());
  }
}
