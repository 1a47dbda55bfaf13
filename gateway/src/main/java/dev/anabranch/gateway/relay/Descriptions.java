package dev.anabranch.gateway.relay;

import dev.anabranch.gateway.wire.BackendMessage.FieldDescription;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The columns of a session's latest statements. Drivers prepare a statement again under a name once
 * they use it often, and rely on the description they got before; so must we. Should a table have
 * been altered in between, the types kept with the answer are the old ones, and asking it again
 * shows the difference.
 */
final class Descriptions {

  private static final int KEPT = 512;

  private static final int INITIAL_CAPACITY = 16;
  private static final float LOAD_FACTOR = 0.75f;

  /** In characters, all together. */
  private static final long MOST = 8 << 20;

  private static final int CHARS_A_FIELD = 64;

  /** By their last use: looking one up counts as one. */
  private final Map<Described, List<FieldDescription>> latest =
      new LinkedHashMap<>(INITIAL_CAPACITY, LOAD_FACTOR, true);

  private long weight;

  private record Described(String sql, List<Long> declaredTypes) {
    long weight(List<FieldDescription> fields) {
      return sql.length() + (long) CHARS_A_FIELD * (declaredTypes.size() + fields.size());
    }
  }

  void learn(String sql, List<Long> declaredTypes, List<FieldDescription> fields) {
    Described key = new Described(sql, declaredTypes);
    if (fields.equals(latest.get(key))) {
      return;
    }
    List<FieldDescription> before = latest.remove(key);
    weight -= before == null ? 0 : key.weight(before);
    latest.put(key, fields);
    weight += key.weight(fields);
    while (latest.size() > KEPT || weight > MOST) {
      Described eldest = latest.keySet().iterator().next();
      weight -= eldest.weight(Objects.requireNonNull(latest.remove(eldest)));
    }
  }

  /** How much is kept, in characters. */
  long weight() {
    return weight;
  }

  Optional<List<FieldDescription>> find(String sql, List<Long> declaredTypes) {
    return Optional.ofNullable(latest.get(new Described(sql, declaredTypes)));
  }
}
