package dev.anabranch.gateway.relay;

import dev.anabranch.gateway.wire.BackendMessage.FieldDescription;
import java.util.List;
import java.util.Optional;

/**
 * A statement that a client has prepared.
 *
 * @param statement its text
 * @param declaredTypes its parameters' types as the client gave them, 0 where it left them open
 * @param parameterTypes the same, or as Postgres described them
 * @param fields its columns once described: an empty list when it returns no rows
 * @param parsedUnder the settings by which Postgres read it
 */
record PreparedStatement(
    SqlStatement statement,
    List<Long> declaredTypes,
    List<Long> parameterTypes,
    Optional<List<FieldDescription>> fields,
    Circumstances parsedUnder) {

  private static final int CHARS_A_TYPE = 16;
  private static final int CHARS_A_WORD = 64;

  /** How much is remembered of it, in characters. */
  long weight() {
    int types = declaredTypes.size() + parameterTypes.size() + fields.map(List::size).orElse(0);
    return statement.text().length()
        + wordsWeight()
        + (long) CHARS_A_TYPE * types
        + MemoryBudget.LEAST;
  }

  /** The part of it that is not known before its text is read. */
  long wordsWeight() {
    return (long) CHARS_A_WORD * statement.mentioned().size();
  }

  PreparedStatement withParameterTypes(List<Long> types) {
    return new PreparedStatement(statement, declaredTypes, types, fields, parsedUnder);
  }

  PreparedStatement withFields(List<FieldDescription> described) {
    return new PreparedStatement(
        statement, declaredTypes, parameterTypes, Optional.of(described), parsedUnder);
  }
}
