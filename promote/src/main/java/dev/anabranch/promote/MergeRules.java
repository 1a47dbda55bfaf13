package dev.anabranch.promote;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.promote.apply.MainColumn;
import dev.anabranch.promote.apply.MainColumns;
import dev.anabranch.promote.merge.MergeRule;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** How columns of main combine: rules are set, taken away and proposed. */
public final class MergeRules {

  private final MainColumns main;
  private final MergeRuleStore store;
  private final Clock clock;

  /**
   * @param mainDatabase main, whose catalogs say what a column can carry
   * @param promotions the bookkeeping
   * @param clock for what is kept
   */
  public MergeRules(DataSource mainDatabase, Promotions promotions, Clock clock) {
    this.main = new MainColumns(mainDatabase);
    this.store = promotions.rules();
    this.clock = clock;
  }

  /** Those that count. */
  public MergeRuleStore kept() {
    return store;
  }

  /**
   * Lets a column combine from now on.
   *
   * @param name {@code table.column} or {@code schema.table.column}, as SQL has names
   * @throws AnabranchException RULE_UNKNOWN, RULE_COLUMN_UNKNOWN, RULE_TABLE_UNFIT,
   *     RULE_COLUMN_UNFIT, RULE_NOT_FOR_TYPE, MAIN_UNREACHABLE
   */
  public KeptRule set(String name, String rule, String who) {
    if (!MergeRule.WORDS.contains(rule)) {
      throw new AnabranchException(
          ErrorCode.RULE_UNKNOWN, rule, String.join(", ", MergeRule.WORDS));
    }
    MainColumn column = column(name);
    if (!rule.equals(MergeRuleStore.NONE)) {
      requireFit(column, rule);
    }
    return store.keep(
        new KeptRule(
            column.qualifiedName(),
            column.table(),
            column.number(),
            rule,
            0,
            who,
            clock.instant(),
            rule.equals(MergeRuleStore.NONE) ? List.of() : column.checks()));
  }

  private MainColumn column(String name) {
    return main.find(name)
        .orElseThrow(() -> new AnabranchException(ErrorCode.RULE_COLUMN_UNKNOWN, name));
  }

  private static void requireFit(MainColumn column, String rule) {
    Optional<String> table = column.tableUnfit();
    if (table.isPresent()) {
      throw new AnabranchException(ErrorCode.RULE_TABLE_UNFIT, column.qualifiedName(), table.get());
    }
    Optional<String> own = column.unfit();
    if (own.isPresent()) {
      throw new AnabranchException(ErrorCode.RULE_COLUMN_UNFIT, column.qualifiedName(), own.get());
    }
    if (MergeRule.of(rule, column.type(), column.modifier()).isEmpty()) {
      throw new AnabranchException(
          ErrorCode.RULE_NOT_FOR_TYPE,
          column.qualifiedName(),
          column.typeName(),
          rule,
          MergeRule.carriers(rule));
    }
  }

  /**
   * Lets a column be a value again.
   *
   * @throws AnabranchException RULE_NOT_SET, MAIN_UNREACHABLE
   */
  public KeptRule unset(String name, String who) {
    Optional<MainColumn> column = main.find(name);
    KeptRule known =
        store.all().stream()
            .filter(rule ->
                rule.column().equals(name)
                    || column
                        .filter(found ->
                            found.table().equals(rule.table()) && found.number() == rule.number())
                        .isPresent())
            .findFirst()
            .orElseThrow(() -> new AnabranchException(ErrorCode.RULE_NOT_SET, name));
    return store.keep(
        new KeptRule(
            known.column(),
            known.table(),
            known.number(),
            MergeRuleStore.NONE,
            0,
            who,
            clock.instant(),
            List.of()));
  }

  /**
   * What columns without a rule could have, by main's catalogs. Nothing is set.
   *
   * @throws AnabranchException MAIN_UNREACHABLE
   */
  public List<RuleProposal> infer() {
    Set<String> ruled =
        store.all().stream()
            .map(rule -> rule.table() + "." + rule.number())
            .collect(Collectors.toSet());
    List<RuleProposal> proposals = new ArrayList<>();
    for (MainColumn column : main.all()) {
      if (column.tableUnfit().isEmpty()
          && column.unfit().isEmpty()
          && !ruled.contains(column.table() + "." + column.number())) {
        propose(column).ifPresent(proposals::add);
      }
    }
    return proposals;
  }

  private static Optional<RuleProposal> propose(MainColumn column) {
    for (String rule : List.of("counter", "map", "set")) {
      boolean bounded = !rule.equals("counter") || !column.checks().isEmpty();
      if (bounded && MergeRule.of(rule, column.type(), column.modifier()).isPresent()) {
        String why =
            switch (rule) {
              case "counter" -> "a number that main bounds: " + column.checks().getFirst();
              case "map" -> "a jsonb column, if it holds objects";
              default -> "an array, if no element is in it twice and their order says nothing";
            };
        return Optional.of(new RuleProposal(column.qualifiedName(), rule, why));
      }
    }
    return Optional.empty();
  }
}
