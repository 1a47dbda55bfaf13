package dev.anabranch.trials.everyday;

import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import dev.anabranch.trials.drive.Verdicts;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import tools.jackson.databind.JsonNode;

/** All cases told on one branch, and which of their rows landed. */
public final class Everyday {

  /**
   * What came of it.
   *
   * @param landed kinds of cases whose row landed, a line each
   * @param held those whose row should have landed, with the reasons that the check gave
   * @param wronglyLanded cases that read what main changed, and whose row landed all the same
   * @param reasons how often each reason was given for a case that was held
   */
  public record Outcome(
      List<String> landed,
      List<String> held,
      List<String> wronglyLanded,
      Map<String, Integer> reasons) {

    /** As a table for a person. */
    public String table() {
      StringBuilder table = new StringBuilder();
      table.append(
          String.format(
              Locale.ROOT,
              "landed %d of %d that should, %d that should not%n",
              landed.size(),
              landed.size() + held.size(),
              wronglyLanded.size()));
      held.forEach(line -> table.append("  held: ").append(line).append('\n'));
      wronglyLanded.forEach(line -> table.append("  WRONG: ").append(line).append('\n'));
      reasons.entrySet().stream()
          .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
          .forEach(reason ->
              table.append(
                  String.format(Locale.ROOT, "%5d  %s%n", reason.getValue(), reason.getKey())));
      return table.toString();
    }
  }

  private final Product product;
  private final String name;
  private final String schema;
  private final List<String> base;
  private final List<Case> cases;

  /**
   * @param folder where {@code base.sql} and {@code statements.txt} are
   * @param name of the branch, and of the schema on main
   */
  public Everyday(Product product, Path folder, String name) throws IOException {
    this.product = product;
    this.name = name;
    this.schema = name.replace('-', '_');
    this.base =
        Arrays.asList(Files.readString(folder.resolve("base.sql")).strip().split(";\\s*\\n"));
    this.cases = Case.read(Files.readAllLines(folder.resolve("statements.txt")), schema);
  }

  /** Tells all cases, lets main change one row, promotes, and looks at main. */
  public Outcome tell() throws SQLException {
    try (Connection main = product.main().connect()) {
      Sql.run(main, "CREATE SCHEMA " + schema);
      Sql.run(main, "SET search_path = " + schema + ", public");
      Sql.run(main, base);
      Address branch = product.create(name, Product.Wish.now().thrownAway());
      for (Case one : cases) {
        tell(branch, one);
      }
      Sql.run(main, "INSERT INTO noise VALUES (2, 'm')");
      Verdicts verdicts = Verdicts.of(product.check(name));
      JsonNode promotion = product.promote(name, false, List.of());
      Set<String> landed = new HashSet<>(Sql.texts(main, "SELECT n FROM done"));
      return outcome(landed, verdicts, promotion);
    } finally {
      product.delete(name);
      product.main().run("DROP SCHEMA " + schema + " CASCADE");
    }
  }

  private void tell(Address branch, Case one) throws SQLException {
    try (Connection session =
        branch.connect(
            Map.of("ApplicationName", "case-" + one.number(), "assumeMinServerVersion", "9.0"))) {
      Sql.run(session, "SET search_path = " + schema + ", public");
      for (Case.Said said : one.statements()) {
        try {
          say(session, "/* c" + one.number() + " */ " + said.sql(), said);
        } catch (SQLException e) {
          if (!one.kind().equals("refused")) {
            throw new IllegalStateException(one + ": " + e.getMessage(), e);
          }
        }
      }
      Sql.run(
          session, "/* c%d */ INSERT INTO done VALUES (%d)".formatted(one.number(), one.number()));
    }
  }

  private static void say(Connection session, String sql, Case.Said said) throws SQLException {
    CopyManager copy = session.unwrap(PGConnection.class).getCopyAPI();
    if (sql.endsWith("FROM STDIN")) {
      try {
        copy.copyIn(sql, new StringReader("in\n"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    } else if (sql.endsWith("TO STDOUT")) {
      try {
        copy.copyOut(sql, new java.io.StringWriter());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    } else if (said.parameters().isEmpty()) {
      try (Statement statement = session.createStatement()) {
        statement.execute(sql);
      }
    } else {
      try (PreparedStatement statement = session.prepareStatement(sql)) {
        statement.setObject(1, said.parameters().getFirst(), Types.OTHER);
        statement.execute();
      }
    }
  }

  private Outcome outcome(Set<String> landed, Verdicts verdicts, JsonNode promotion) {
    List<String> did = new ArrayList<>();
    List<String> held = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    Map<String, Integer> reasons = new TreeMap<>();
    for (Case one : cases) {
      boolean isThere = landed.contains(String.valueOf(one.number()));
      Map<String, String> why = new LinkedHashMap<>();
      for (Verdicts.Entry entry : verdicts.labelled("c" + one.number())) {
        if (!entry.verdict().equals("holds")) {
          why.put(entry.sql(), entry.verdict() + ": " + entry.reason());
        }
      }
      if (one.moved()) {
        (isThere ? wrong : new ArrayList<String>()).add(one.toString());
      } else if (isThere) {
        did.add(one.kind());
      } else {
        held.add(
            one.kind()
                + ": "
                + one.statements().stream().map(Case.Said::sql).toList()
                + " "
                + (why.isEmpty() ? "every answer holds" : why.values())
                + told(promotion, one));
        List<String> general =
            why.isEmpty() ? List.of("every answer holds") : List.copyOf(why.values());
        general.forEach(reason -> reasons.merge(general(reason), 1, Integer::sum));
      }
    }
    if (!wrong.isEmpty()) {
      wrong.add(promotion.toString());
    }
    promotion
        .path("facts")
        .forEach(fact ->
            reasons.merge("fact: " + general(fact.path("sentence").asString("")), 1, Integer::sum));
    return new Outcome(did, held, wrong, reasons);
  }

  /** What the promotion says of the window of work that a case was. */
  private static List<String> told(JsonNode promotion, Case one) {
    List<String> told = new ArrayList<>();
    promotion
        .path("facts")
        .forEach(fact -> {
          String sentence = fact.path("sentence").asString("");
          if (sentence.contains("(case-" + one.number() + " ")) {
            told.add(sentence);
          }
        });
    return told;
  }

  private static String general(String reason) {
    return reason.replaceAll("[0-9]+", "N").replaceAll("\"[^\"]*\"", "…");
  }
}
