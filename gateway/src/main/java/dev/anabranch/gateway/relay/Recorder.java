package dev.anabranch.gateway.relay;

import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;

/**
 * Takes what a session's conversation yields. Called on the session's event loop and must not wait.
 */
interface Recorder {

  void record(Answer answer);

  void record(Ending ending);
}
