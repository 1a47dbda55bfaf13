package dev.anabranch.check;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.mainfeed.schema.Definition;
import dev.anabranch.mainfeed.schema.Rights;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A snapshot of definitions as JSON. Maps with keys that are no text become lists. */
final class SnapshotJson {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private SnapshotJson() {}

  private record Body(
      long asOf,
      List<Relation> relations,
      Map<String, String> names,
      String routines,
      @Nullable List<Definition> definitions,
      @Nullable String builtins,
      @Nullable Rights rights,
      @Nullable List<Position> sequences,
      @Nullable List<Guards> guards,
      int serverVersionNumber) {}

  private record Position(long sequence, long at) {}

  private static Map<TableId, Long> positions(@Nullable List<Position> positions) {
    return positions == null
        ? Map.of()
        : positions.stream()
            .collect(Collectors.toMap(one -> new TableId(one.sequence()), Position::at));
  }

  private record Guards(long table, Map<String, String> versions) {}

  private static Map<TableId, Map<String, String>> guards(@Nullable List<Guards> guards) {
    return guards == null
        ? Map.of()
        : guards.stream()
            .collect(Collectors.toMap(one -> new TableId(one.table()), Guards::versions));
  }

  static String write(SchemaSnapshot snapshot) {
    return JSON.writeValueAsString(
        new Body(
            snapshot.asOf().value(),
            List.copyOf(snapshot.relations().values()),
            snapshot.namesFingerprint(),
            snapshot.routinesFingerprint(),
            snapshot.definitions(),
            snapshot.builtinsFingerprint(),
            snapshot.rights(),
            snapshot.sequences().entrySet().stream()
                .map(entry -> new Position(entry.getKey().oid(), entry.getValue()))
                .toList(),
            snapshot.guards().entrySet().stream()
                .map(entry -> new Guards(entry.getKey().oid(), entry.getValue()))
                .toList(),
            snapshot.serverVersionNumber()));
  }

  static SchemaSnapshot read(String json) {
    Body body = JSON.readValue(json, Body.class);
    Map<TableId, Relation> relations =
        body.relations().stream()
            .collect(Collectors.toMap(relation -> relation.shape().id(), relation -> relation));
    return new SchemaSnapshot(
        new Lsn(body.asOf()),
        relations,
        body.names(),
        body.routines(),
        body.definitions() == null ? List.of() : body.definitions(),
        body.builtins() == null ? "" : body.builtins(),
        body.rights() == null ? Rights.UNKNOWN : body.rights(),
        positions(body.sequences()),
        guards(body.guards()),
        body.serverVersionNumber());
  }
}
