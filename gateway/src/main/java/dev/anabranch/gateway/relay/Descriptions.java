package dev.anabranch.gateway.relay;

import dev.anabranch.gateway.wire.BackendMessage.FieldDescription;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The columns of a session's latest statements. Drivers prepare a statement again under a name once
 * they use it often, and rely on the description they got before; so must we. Should a table have
 * been altered in between, the types kept with the answer are the old ones, and asking it again
 * shows the difference.
 */
final class Descriptions {

  private static final int KEPT = 512;

  private final Map<Described, List<FieldDescription>> latest =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Described, List<FieldDescription>> eldest) {
          return size() > KEPT;
        }
      };

  private record Described(String sql, List<Long> declaredTypes) {}

  void learn(String sql, List<Long> declaredTypes, List<FieldDescription> fields) {
    Described key = new Described(sql, declaredTypes);
    latest.remove(key);
    latest.put(key, fields);
  }

  Optional<List<FieldDescription>> find(String sql, List<Long> declaredTypes) {
    return Optional.ofNullable(latest.get(new Described(sql, declaredTypes)));
  }
}
