package dev.anabranch.promote;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Lsn;
import dev.anabranch.promote.fact.Choice;
import dev.anabranch.promote.fact.Decision;
import dev.anabranch.promote.fact.Fact;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The decisions in the control database. None is ever edited: a later one takes its place. */
public final class DecisionStore {

  /** What would be written by a transaction that is executed again. */
  private static final String RERUN = "rerun";

  private static final JsonMapper MAPPER = JsonMapper.shared();

  private final Jdbi jdbi;

  DecisionStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** The last decision of each fact of a branch, by the fact's id. */
  public Map<String, Decision> newest(BranchId branch) {
    return jdbi
        .withHandle(handle ->
            handle
                .createQuery(
                    """
                    SELECT DISTINCT ON (fact_id) choice, cells::text, unit_ids, fact::text, who, why, as_of, decided_at
                    FROM decisions WHERE branch_id = ? ORDER BY fact_id, id DESC
                    """)
                .bind(0, branch.value())
                .map((row, context) -> decision(row))
                .list())
        .stream()
        .collect(Collectors.toMap(decision -> decision.fact().id(), Function.identity()));
  }

  /** The ids of a branch's units that were dropped, without those that depend on them. */
  Set<Long> dropped(BranchId branch) {
    return newest(branch).values().stream()
        .filter(decision -> decision.choice() instanceof Choice.Drop)
        .flatMap(decision -> decision.units().stream())
        .collect(Collectors.toSet());
  }

  /** Keeps decisions, all of them or none. */
  void keep(BranchId branch, List<Decision> decisions) {
    jdbi.useTransaction(handle -> {
      for (Decision decision : decisions) {
        handle
            .createUpdate(
                """
                INSERT INTO decisions (branch_id, fact_id, state, choice, cells, unit_ids, fact, who, why, as_of, decided_at)
                VALUES (:branch, :fact, :state, :choice, CAST(:cells AS jsonb), :units, CAST(:told AS jsonb), :who,
                  :why, :asOf, :at)
                """)
            .bind("branch", branch.value())
            .bind("fact", decision.fact().id())
            .bind("state", decision.fact().state())
            .bind("choice", decision.choice().word())
            .bind("cells", cells(decision.choice()))
            .bind("units", decision.units().toArray(new Long[0]))
            .bind("told", MAPPER.writeValueAsString(decision.fact()))
            .bind("who", decision.who())
            .bind("why", decision.why().orElse(null))
            .bind("asOf", decision.asOf().toString())
            .bind("at", decision.at().atOffset(ZoneOffset.UTC))
            .execute();
      }
    });
  }

  private static Decision decision(ResultSet row) throws SQLException {
    Long[] units = (Long[]) row.getArray("unit_ids").getArray();
    Instant at = row.getObject("decided_at", OffsetDateTime.class).toInstant();
    return new Decision(
        MAPPER.readValue(row.getString("fact"), Fact.class),
        choice(row.getString("choice"), row.getString("cells")),
        List.of(units),
        row.getString("who"),
        Optional.ofNullable(row.getString("why")),
        at,
        Lsn.parse(row.getString("as_of")));
  }

  private static Choice choice(String word, String cells) {
    return switch (word) {
      case "accept" -> new Choice.Accept();
      case "drop" -> new Choice.Drop();
      case "branch" -> new Choice.Branch();
      case "main" -> new Choice.Main();
      case "value" -> new Choice.Value(readCells(cells));
      case "rerun" -> new Choice.Rerun(MAPPER.readTree(cells).path(RERUN).asString(""));
      case "open" -> new Choice.Open();
      default -> throw new IllegalStateException("no such choice: " + word);
    };
  }

  private static String cells(Choice choice) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    if (choice instanceof Choice.Rerun(String state)) {
      node.put(RERUN, state);
    }
    if (choice instanceof Choice.Value(Map<String, Choice.Cell> cells)) {
      cells.forEach((column, cell) -> {
        ObjectNode one = node.putObject(column);
        switch (cell) {
          case Choice.Cell.OfBranch ignored -> one.put("of", "branch");
          case Choice.Cell.OfMain ignored -> one.put("of", "main");
          case Choice.Cell.Given(Optional<String> text) -> one.put("given", text.orElse(null));
        }
      });
    }
    return MAPPER.writeValueAsString(node);
  }

  private static Map<String, Choice.Cell> readCells(String json) {
    Map<String, Choice.Cell> cells = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> column : MAPPER.readTree(json).properties()) {
      JsonNode of = column.getValue().path("of");
      JsonNode given = column.getValue().path("given");
      cells.put(
          column.getKey(),
          switch (of.asString("")) {
            case "branch" -> new Choice.Cell.OfBranch();
            case "main" -> new Choice.Cell.OfMain();
            default ->
                new Choice.Cell.Given(
                    given.isNull() ? Optional.empty() : Optional.of(given.stringValue()));
          });
    }
    return cells;
  }
}
