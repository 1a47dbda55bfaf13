package dev.anabranch.trials.stories;

import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Profile;
import dev.anabranch.trials.drive.Rows;
import dev.anabranch.trials.drive.Sessions;
import dev.anabranch.trials.drive.Sql;
import dev.anabranch.trials.drive.Step;
import dev.anabranch.trials.drive.Verdicts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells one story to a running server and collects what came out otherwise than the story says.
 *
 * <p>The bases of many stories can be laid on one main first, so that their branches share one
 * golden image; after that each story is told alone.
 */
public final class StoryTeller {

  private final Product product;
  private final Story story;
  private final List<String> differences = new ArrayList<>();
  private final List<String> receipts = new ArrayList<>();
  private final List<String> siblings = new ArrayList<>();
  private String checked;
  private String shown = "";
  private String shownBefore = "";
  private String told = "";
  private JsonNode last = JsonNodeFactory.instance.objectNode();
  private final Map<String, Rows> asked = new LinkedHashMap<>();
  private final List<Step.Act> settings = new ArrayList<>();
  private final List<String> notSynced = new ArrayList<>();
  private final List<String> leftBehind = new ArrayList<>();
  private boolean syncing;

  public StoryTeller(Product product, Story story) {
    this.product = product;
    this.story = story;
    this.checked = story.name();
  }

  /** Lays the story's base on main, in a schema of its own. */
  public void layBase() throws SQLException {
    try (Connection main = onMain()) {
      Sql.run(main, "CREATE SCHEMA " + story.schema());
      for (Chapter chapter : story.chapters()) {
        if (chapter instanceof Chapter.Base(List<String> statements)) {
          Sql.run(main, statements);
        }
      }
    }
  }

  /** From now on the branch is synced after each chapter that is told on it, where that can be. */
  public StoryTeller syncing() {
    syncing = true;
    return this;
  }

  /** Why it could not be synced, when it could not be. */
  public List<String> notSynced() {
    return List.copyOf(notSynced);
  }

  /** Why answers were left behind by a sync. */
  public List<String> leftBehind() {
    return List.copyOf(leftBehind);
  }

  /** Creates the story's branch. */
  public void createBranch(Product.Wish wish) {
    product.create(story.name(), story.role().map(wish::as).orElse(wish));
  }

  /**
   * Tells everything after the base, and deletes the branch; returns the differences, none when all
   * is as told.
   */
  public List<String> tell() throws SQLException {
    try (Sessions sessions = new Sessions(branch(), this::profile)) {
      for (Chapter chapter : story.chapters()) {
        tell(chapter, sessions);
      }
    }
    if (!checked.equals(story.name())) {
      product.delete(checked);
    }
    siblings.forEach(sibling -> product.delete(named(sibling)));
    product.delete(story.name());
    return List.copyOf(differences);
  }

  /** Takes the story's schema off main: what is there makes every later check dearer. */
  public void clear() throws SQLException {
    try (Connection main = onMain()) {
      Sql.run(main, "DROP SCHEMA IF EXISTS " + story.schema() + " CASCADE");
    }
  }

  private void tell(Chapter chapter, Sessions sessions) throws SQLException {
    switch (chapter) {
      case Chapter.Base ignored -> {}
      case Chapter.OnBranch(List<Step> steps) -> {
        play(steps, sessions);
        if (syncing) {
          trySync(sessions);
        }
      }
      case Chapter.OnChild(List<Step> steps) -> {
        sessions.close();
        checked = story.name() + "-2";
        product.create(
            checked,
            new Product.Wish(Optional.empty(), Optional.of(story.name()), Optional.empty(), false));
        try (Sessions ofChild = new Sessions(product.branch(checked), this::profile)) {
          play(steps, ofChild);
        }
      }
      case Chapter.OnMain(List<String> statements) -> {
        try (Connection main = onMain()) {
          Sql.run(main, statements);
        }
      }
      case Chapter.Check(List<Chapter.Expected> expected) -> {
        Verdicts verdicts = Verdicts.of(product.check(checked));
        for (Chapter.Expected one : expected) {
          compare(one, verdicts);
        }
      }
      case Chapter.OnSibling(String sibling, boolean now, List<Step> steps) -> {
        siblings.add(sibling);
        product.create(named(sibling), now ? Product.Wish.now() : Product.Wish.latest());
        try (Sessions ofSibling = new Sessions(product.branch(named(sibling)), this::profile)) {
          play(steps, ofSibling);
        }
      }
      case Chapter.PromoteSibling(String sibling, Chapter.Promote promote) -> {
        String ours = checked;
        checked = named(sibling);
        promote(promote);
        checked = ours;
      }
      case Chapter.Flips(List<String> flips) -> {
        try (Connection main = onMain()) {
          differences.addAll(FlipsTold.differences(product.check(checked), flips, main));
        }
      }
      case Chapter.SetRules(List<String> rules) -> rules.forEach(this::setRule);
      case Chapter.MergedCells(List<String> cells) -> differs("merged", cells, MergedTold.of(last));
      case Chapter.Compare compare -> compare(compare);
      case Chapter.Promote promote -> promote(promote);
      case Chapter.Undo undo -> undo(undo);
      case Chapter.Sync sync -> sync(sync, sessions);
      case Chapter.MainHas(String sql, List<String> rows) -> {
        try (Connection main = onMain()) {
          String found = Sql.ask(main, sql).inWords();
          differs("main has for " + sql, String.join("; ", rows), found);
        }
      }
    }
  }

  private void setRule(String said) {
    MergedTold.setRule(product, story.schema(), said).ifPresent(differences::add);
  }

  private void play(List<Step> steps, Sessions sessions) throws SQLException {
    for (Step step : steps) {
      switch (step) {
        case Step.Ask ask -> asked.put(ask.label(), sessions.ask(ask));
        case Step.Act act -> {
          sessions.act(act);
          if (act.sql().startsWith("SET anabranch.")) {
            settings.add(act);
          }
        }
      }
    }
  }

  private void compare(Chapter.Expected expected, Verdicts verdicts) {
    List<Verdicts.Entry> entries = verdicts.labelled(expected.label());
    if (entries.size() != 1) {
      differences.add(expected.label() + " is in the report " + entries.size() + " times");
      return;
    }
    Verdicts.Entry entry = entries.getFirst();
    String said = entry.verdict() + " by " + entry.proof() + " (" + entry.reason() + ")";
    if (!expected.verdicts().contains(entry.verdict())) {
      differences.add(
          expected.label()
              + " should be "
              + String.join(" or ", expected.verdicts())
              + " and is "
              + said);
    }
    expected
        .proof()
        .filter(proof -> !proof.equals(entry.proof()))
        .ifPresent(proof ->
            differences.add(
                expected.label() + " should be proved by " + proof + " and is " + said));
    expected
        .wasNow()
        .ifPresent(wasNow -> {
          differs(expected.label() + " was", wasNow.was(), inWords(entry.was()));
          differs(expected.label() + " now", wasNow.now(), inWords(entry.now()));
        });
  }

  private static String inWords(
      @org.jspecify.annotations.Nullable
          List<List<@org.jspecify.annotations.Nullable String>> rows) {
    return rows == null ? "(not kept)" : new Rows(List.of(), List.of(), rows).inWords();
  }

  /** What is accepted and decided. */
  private ObjectNode asked(Chapter.Promote expected) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("dryRun", expected.dryRun());
    if (!expected.accepted().isEmpty()) {
      ArrayNode accepted = body.putArray("accept");
      Verdicts verdicts = Verdicts.of(product.check(checked));
      for (String label : expected.accepted()) {
        verdicts.labelled(label).forEach(entry -> accepted.add(entry.id()));
      }
    }
    if (!expected.decisions().isEmpty()) {
      decide(expected.decisions(), body.put("who", "the story").putArray("decide"));
    }
    return body;
  }

  private void promote(Chapter.Promote expected) {
    ObjectNode body = asked(expected);
    expected
        .plan()
        .ifPresent(which ->
            body.put(
                "plan",
                switch (which) {
                  case "as told" -> told;
                  case "as shown before" -> shownBefore;
                  default -> shown;
                }));
    OwnChecksTold own = new OwnChecksTold(expected.own(), story.schema());
    own.into(body);
    if (own.isMistake()) {
      own.mistake(() -> product.promote(checked, body)).ifPresent(differences::add);
      return;
    }
    JsonNode promotion = product.promote(checked, body);
    own.difference(promotion).ifPresent(differences::add);
    told = promotion.path("plan").asString("");
    if (expected.dryRun()) {
      shownBefore = shown;
      shown = told;
    }
    compare(expected, promotion);
  }

  private void compare(Chapter.Compare expected) {
    List<String> names = new ArrayList<>(List.of(story.name()));
    siblings.forEach(sibling -> names.add(named(sibling)));
    JsonNode comparison =
        product.compare(names, OwnChecksTold.in(story.schema(), expected.score()));
    List<String> found = new ArrayList<>();
    for (JsonNode branch : comparison.get("branches")) {
      int held = branch.get("units").get("held").asInt();
      JsonNode score = branch.get("score");
      found.add(
          known(branch.get("branch").asString())
              + " "
              + (score.isNull() ? "none" : score.asString())
              + (held == 0 ? "" : " held " + held));
    }
    differs("comparison", expected.branches(), found);
    expected
        .best()
        .ifPresent(best ->
            differs(
                "the best",
                best,
                comparison.get("best").isNull()
                    ? "none"
                    : known(comparison.get("best").asString())));
  }

  private String named(String sibling) {
    return story.name() + "-" + sibling;
  }

  private String known(String branch) {
    return branch.equals(story.name()) ? "it" : branch.substring(story.name().length() + 1);
  }

  private void undo(Chapter.Undo undo) {
    String receipt = undo.which().map(n -> receipts.get(n - 1)).orElseGet(receipts::getLast);
    compare(undo.expected(), product.undo(receipt, undo.expected().dryRun()));
  }

  private void sync(Chapter.Sync sync, Sessions sessions) throws SQLException {
    ObjectNode body = asked(sync.expected());
    OwnChecksTold own = new OwnChecksTold(sync.expected().own(), story.schema());
    if (own.isMistake()) {
      own.mistake(() -> product.sync(checked, body)).ifPresent(differences::add);
      return;
    }
    JsonNode synced = product.sync(checked, body);
    beginAnew(sessions);
    String outcome = synced.get("outcome").asString("");
    if (!sync.expected().outcomes().contains(outcome)) {
      differences.add("sync should be " + sync.expected().outcomes() + " and is " + synced);
    }
    sync.expected()
        .landed()
        .ifPresent(n ->
            differs("units carried of " + synced, n, synced.get("units").get("carried").asInt()));
    sync.expected()
        .facts()
        .ifPresent(
            facts -> differs("facts of " + synced, new TreeSet<>(facts), facts(synced, true)));
    Verdicts verdicts = Verdicts.of(product.check(checked));
    for (String label : sync.gone()) {
      differs(label + " after the sync", 0, verdicts.labelled(label).size());
    }
  }

  private void trySync(Sessions sessions) throws SQLException {
    try {
      JsonNode synced = product.sync(checked);
      if (!synced.get("outcome").asString("").equals("synced")) {
        notSynced.add("held");
        return;
      }
      for (JsonNode left : synced.get("answers").get("left")) {
        leftBehind.add(left.get("why").asString(""));
      }
      beginAnew(sessions);
    } catch (Product.Refused e) {
      notSynced.add(String.valueOf(e.getMessage()));
    }
  }

  /** Sessions that have ended say again what they work on. */
  private void beginAnew(Sessions sessions) throws SQLException {
    sessions.close();
    for (Step.Act act : settings) {
      sessions.act(act);
    }
  }

  private void compare(Chapter.Promote expected, JsonNode promotion) {
    last = promotion;
    if (!expected.dryRun()) {
      receipts.add(promotion.get("receipt").asString(""));
    }
    String outcome = promotion.get("outcome").asString("");
    if (!expected.outcomes().contains(outcome)) {
      differences.add(
          "promotion should be "
              + String.join(" or ", expected.outcomes())
              + " and is "
              + promotion);
    }
    JsonNode units = promotion.get("units");
    expected
        .landed()
        .ifPresent(n -> differs("units landed of " + promotion, n, units.get("landed").asInt()));
    expected
        .held()
        .ifPresent(n -> differs("units held of " + promotion, n, units.get("held").asInt()));
    expected
        .dropped()
        .ifPresent(n -> differs("units dropped of " + promotion, n, units.get("dropped").asInt()));
    expected
        .facts()
        .ifPresent(facts ->
            differs("facts of " + promotion, new TreeSet<>(facts), facts(promotion, true)));
    expected
        .decided()
        .ifPresent(facts ->
            differs("decided of " + promotion, new TreeSet<>(facts), facts(promotion, false)));
    expected
        .moved()
        .ifPresent(parts -> {
          List<String> told =
              promotion
                  .get("moved")
                  .valueStream()
                  .map(
                      fact -> fact.get("nature").asString() + " " + fact.get("sentence").asString())
                  .toList();
          boolean all =
              told.size() == parts.size()
                  && told.stream().allMatch(sentence -> sentence.startsWith("address "))
                  && parts.stream()
                      .allMatch(
                          part -> told.stream().anyMatch(sentence -> sentence.contains(part)));
          if (!all) {
            differences.add("moved should be " + parts + " and is " + told);
          }
        });
    for (String why : expected.notOffered()) {
      boolean told =
          promotion
              .get("facts")
              .valueStream()
              .anyMatch(fact -> fact.path("rerun").path("why").asString("").contains(why));
      if (!told) {
        differences.add("no rerun is refused because it " + why + ": " + promotion);
      }
    }
    expected
        .tasks()
        .ifPresent(
            tasks -> differs("tasks of " + promotion, new TreeSet<>(tasks), tasks(promotion)));
    expected
        .different()
        .ifPresent(parts ->
            differs("difference of " + promotion, new TreeSet<>(parts), difference(promotion)));
  }

  private void decide(List<Chapter.Decide> decisions, ArrayNode asked) {
    JsonNode look = product.facts(checked);
    JsonNode facts = look.get("facts");
    Map<Long, String> labels = labels();
    for (Chapter.Decide decision : decisions) {
      for (JsonNode task : look.get("tasks")) {
        if (decision.fact().equals("task " + task.get("name").asString())) {
          asked
              .addObject()
              .put("fact", "task:" + task.get("id").asString())
              .put("choice", decision.choice());
        }
      }
      for (JsonNode fact : facts) {
        String named = named(fact, labels);
        String row = named + (fact.get("key").isObject() ? " " + key(fact.get("key")) : "");
        if (decision.fact().equals(named) || decision.fact().equals(row)) {
          ObjectNode one = asked.addObject();
          one.put("fact", fact.get("id").asString()).put("choice", decision.choice());
          decision.column().ifPresent(column -> one.put("column", column));
          decision.value().ifPresent(value -> one.put("value", value));
        }
      }
    }
    if (asked.size() != decisions.size()) {
      differences.add("to decide are " + decisions + ", and there is " + facts);
    }
  }

  private static Set<String> tasks(JsonNode promotion) {
    Set<String> tasks = new TreeSet<>();
    for (JsonNode task : promotion.get("tasks")) {
      String units =
          Stream.of("landed", "held", "dropped")
              .filter(what -> !task.get(what).isEmpty())
              .map(what -> what + " " + task.get(what).size())
              .collect(Collectors.joining(", "));
      tasks.add(task.get("name").asString() + ": " + units);
    }
    return tasks;
  }

  private static String key(JsonNode key) {
    return key.properties().stream()
        .map(cell -> cell.getKey() + "=" + cell.getValue().asString())
        .collect(Collectors.joining(" "));
  }

  private static Set<String> difference(JsonNode promotion) {
    Set<String> parts = new TreeSet<>();
    promotion
        .path("difference")
        .properties()
        .forEach(part ->
            part.getValue()
                .properties()
                .forEach(how -> {
                  if (how.getValue().isArray() && !how.getValue().isEmpty()) {
                    parts.add(part.getKey() + " " + how.getKey());
                  }
                }));
    return parts;
  }

  private Map<Long, String> labels() {
    Map<Long, String> labels = new LinkedHashMap<>();
    for (Verdicts.Entry entry : Verdicts.of(product.check(checked)).answers()) {
      labels.put(entry.id(), entry.label());
    }
    return labels;
  }

  private Set<String> facts(JsonNode promotion, boolean open) {
    Map<Long, String> labels = labels();
    Set<String> facts = new TreeSet<>();
    for (JsonNode fact : promotion.get("facts")) {
      if (fact.get("decided").isNull() == open) {
        facts.add(named(fact, labels));
      }
    }
    return facts;
  }

  private String named(JsonNode fact, Map<Long, String> labels) {
    String kind = fact.get("kind").asString("");
    return switch (kind) {
      case "answer" -> "answer " + labels.getOrDefault(fact.get("answer").asLong(), "?");
      case "conflict" ->
          "conflict " + fact.path("table").asString("?").replace(story.schema() + ".", "");
      default -> kind;
    };
  }

  private void differs(String what, Object expected, Object found) {
    if (!expected.equals(found)) {
      differences.add(what + ": should be " + expected + " and is " + found);
    }
  }

  /** What the branch answered while the story was told, by label. */
  public Optional<Rows> answer(String label) {
    return Optional.ofNullable(asked.get(label));
  }

  private Profile profile(String session) {
    // Each session of a story works on something of its own.
    Profile profile = Profile.in(story.schema()).with("application_name", session);
    return session.endsWith("-simple") ? profile.simple() : profile;
  }

  private Connection onMain() throws SQLException {
    Connection main = product.main().connect();
    Sql.run(main, "SET search_path = " + story.schema());
    return main;
  }

  private Address branch() {
    return product.branch(story.name());
  }
}
