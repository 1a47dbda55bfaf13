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
 */
record PreparedStatement(
    SqlStatement statement,
    List<Long> declaredTypes,
    List<Long> parameterTypes,
    Optional<List<FieldDescription>> fields) {

  PreparedStatement withParameterTypes(List<Long> types) {
    return new PreparedStatement(statement, declaredTypes, types, fields);
  }

  PreparedStatement withFields(List<FieldDescription> described) {
    return new PreparedStatement(statement, declaredTypes, parameterTypes, Optional.of(described));
  }
}
