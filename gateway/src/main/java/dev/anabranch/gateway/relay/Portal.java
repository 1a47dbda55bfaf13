package dev.anabranch.gateway.relay;

import dev.anabranch.ledger.OwnWrites;
import dev.anabranch.ledger.Parameter;
import java.util.List;
import java.util.Optional;

/**
 * A statement being run, until it is closed or its transaction ends: a portal of the extended
 * protocol, or the current statement of a simple query.
 *
 * @param statement what it runs
 * @param declaredTypes its parameters' types as they were prepared
 * @param parameters its values
 * @param sent when it was bound or sent; its snapshot is not older
 * @param ownWrites what its snapshot shows of its own transaction's writes
 * @param circumstances under which it began to run
 * @param described whether it is known which columns it returns, if any
 * @param result the rows so far; empty when it returns none, or has returned all
 */
record Portal(
    SqlStatement statement,
    List<Long> declaredTypes,
    List<Parameter> parameters,
    Mark sent,
    OwnWrites ownWrites,
    Circumstances circumstances,
    boolean described,
    Optional<CapturedResult> result) {

  /** How much is remembered for it, in characters. */
  long weight() {
    long texts = parameters.stream().mapToLong(p -> p.text().map(String::length).orElse(0)).sum();
    return texts + result.map(CapturedResult::keptChars).orElse(0) + MemoryBudget.LEAST;
  }

  Portal returning(CapturedResult rows) {
    return new Portal(
        statement,
        declaredTypes,
        parameters,
        sent,
        ownWrites,
        circumstances,
        true,
        Optional.of(rows));
  }

  /** The same, for what its statement means. */
  Portal asking(SqlStatement meant) {
    return new Portal(
        meant, declaredTypes, parameters, sent, ownWrites, circumstances, described, result);
  }

  /** The same with other parameters, begun under other circumstances. */
  Portal given(List<Parameter> values, Circumstances others) {
    return new Portal(statement, declaredTypes, values, sent, ownWrites, others, described, result);
  }

  Portal returningNothing() {
    return new Portal(
        statement,
        declaredTypes,
        parameters,
        sent,
        ownWrites,
        circumstances,
        true,
        Optional.empty());
  }
}
