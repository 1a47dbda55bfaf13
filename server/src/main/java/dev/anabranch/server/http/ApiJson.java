package dev.anabranch.server.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchName;
import dev.anabranch.branch.Branch;
import dev.anabranch.branch.Deletion;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Parameter;
import dev.anabranch.ledger.Told;
import dev.anabranch.ledger.Withheld;
import dev.anabranch.mainfeed.LastWrite;
import dev.anabranch.predicate.CheckReport;
import dev.anabranch.predicate.verdict.Evidence;
import dev.anabranch.predicate.verdict.NextFlip;
import dev.anabranch.predicate.verdict.Proof;
import dev.anabranch.predicate.verdict.Verdict;
import dev.anabranch.promote.PlanDifference;
import dev.anabranch.promote.Promotion;
import dev.anabranch.promote.Receipt;
import dev.anabranch.promote.ReceiptSummary;
import dev.anabranch.promote.TaskWork;
import dev.anabranch.promote.assertion.AssertionResult;
import dev.anabranch.promote.fact.Decided;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.promote.fact.FactRerun;
import dev.anabranch.promote.fact.NotRelied;
import dev.anabranch.promote.merge.MergedCell;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON of every answer, as records whose components are its fields in order. Scripts rely on
 * the names, the order of nothing, and on null meaning "not there".
 */
public final class ApiJson {

  private static final JsonMapper JSON =
      JsonMapper.builder().disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY).build();

  private ApiJson() {}

  /** Any of these views, or a map of plain values, as JSON text. */
  public static String json(Object view) {
    return JSON.writeValueAsString(view);
  }

  /** A receipt as it is kept, and until when it can be undone where that ends. */
  public static String receipt(Receipt receipt, Optional<Instant> undoUntil) {
    ObjectNode node = JSON.valueToTree(receipt);
    undoUntil.ifPresent(until -> node.put("undoUntil", until.toString()));
    return JSON.writeValueAsString(node);
  }

  /** A branch. */
  public record BranchView(
      String name,
      String url,
      String forkLsn,
      Instant forkTime,
      @Nullable Instant expireTime,
      String state,
      @Nullable String parent,
      String owner,
      @JsonProperty("protected") boolean isProtected,
      boolean ephemeral,
      String taskBy,
      @Nullable Instant deleteTime,
      @Nullable Instant goneTime,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long ownBytes,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long sharedBytes,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant measuredAt,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable KnownVerdicts answers,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable WaitingFacts waiting) {

    static BranchView of(Branch branch, String url, Optional<Instant> goneAt, Glance glance) {
      return new BranchView(
          branch.name().value(),
          url,
          branch.forkLsn().toString(),
          branch.forkTime(),
          branch.lifetime().end().orElse(null),
          word(branch.state()),
          branch.parent().map(BranchName::value).orElse(null),
          branch.owner(),
          branch.isProtected(),
          branch.ephemeral(),
          branch.taskBy().word(),
          branch.deletedAt().orElse(null),
          goneAt.orElse(null),
          glance.size().map(size -> size.use().ownBytes()).orElse(null),
          glance.size().map(size -> size.use().sharedBytes()).orElse(null),
          glance.size().map(Glance.Measured::at).orElse(null),
          glance.verdicts().map(KnownVerdicts::of).orElse(null),
          glance
              .waiting()
              .map(seen -> new WaitingFacts(seen.facts(), seen.asOf().toString(), seen.at()))
              .orElse(null));
    }
  }

  /** How many answers of a branch got which verdict when it was checked last. */
  public record KnownVerdicts(
      int holds, int changed, int undecided, String asOf, Instant checkedAt) {
    static KnownVerdicts of(Glance.Verdicts known) {
      CheckReport.Counts counts = known.counts();
      return new KnownVerdicts(
          counts.holds(),
          counts.changed(),
          counts.undecided(),
          known.asOf().toString(),
          known.at());
    }
  }

  /** How many facts of a branch were open when somebody looked last. */
  public record WaitingFacts(int facts, String asOf, Instant lookedAt) {}

  /** What a deletion did. */
  public record DeletionView(
      String name, String state, @Nullable Instant goneTime, List<String> deleted) {

    static DeletionView of(BranchName name, Deletion deletion) {
      return new DeletionView(
          name.value(),
          "deleted",
          deletion.keptUntil().orElse(null),
          deletion.branches().stream().map(branch -> branch.name().value()).toList());
    }
  }

  /** What was asked; how many answers are told as one because their session kept them out. */
  public record AnswerView(
      long id,
      String sql,
      List<@Nullable String> params,
      Instant askedAt,
      long rows,
      String commandTag,
      String session,
      String task,
      int withheld) {

    static AnswerView of(Answer answer) {
      return new AnswerView(
          answer.id(),
          answer.question().sql(),
          parameters(answer),
          answer.askedAt(),
          answer.result().rowCount(),
          answer.commandTag(),
          answer.session().toString(),
          answer.task().shown(),
          answer.withheld().map(Withheld::count).orElse(0));
    }
  }

  /** One page of what was asked. */
  public record AnswersView(
      List<AnswerView> answers,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String nextCursor) {

    static AnswersView of(PageRequest.Page<Answer> page) {
      return new AnswersView(
          page.answers().stream().map(AnswerView::of).toList(), page.nextCursor().orElse(null));
    }
  }

  /**
   * The verdicts on a branch's answers; how many look-ups in the catalogs are left out, and which
   * answers sessions kept out of the ledger.
   *
   * @param counts of all answers, whatever the page
   * @param proofs by what how many of all answers that hold were proved
   * @param answers one page of them
   * @param nextCursor left out when there is no page after this
   */
  public record CheckView(
      String branch,
      String forkLsn,
      String asOf,
      CountsView counts,
      Map<String, Integer> proofs,
      int lookUps,
      List<WithheldView> withheld,
      List<JudgedView> answers,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String nextCursor) {

    public static CheckView of(String branch, CheckReport report) {
      return of(branch, report, new PageRequest(Optional.empty(), Optional.empty(), Set.of()));
    }

    static CheckView of(String branch, CheckReport report, PageRequest wanted) {
      return of(branch, report, wanted, rows -> Map.of());
    }

    /**
     * @param when tells when main did what rows show
     */
    static CheckView of(
        String branch,
        CheckReport report,
        PageRequest wanted,
        Function<List<Evidence>, Map<Evidence, LastWrite>> when) {
      var page =
          wanted.of(
              report.verdicts().stream()
                  .filter(judged ->
                      wanted.verdicts().isEmpty()
                          || wanted.verdicts().contains(judged.verdict().word()))
                  .toList(),
              judged -> judged.answer().id());
      Map<Evidence, LastWrite> writes =
          when.apply(
              page.answers().stream()
                  .flatMap(judged -> JudgedView.evidence(judged.verdict()).stream())
                  .toList());
      return new CheckView(
          branch,
          report.forkLsn().toString(),
          report.asOf().toString(),
          CountsView.of(report.counts()),
          proofs(report),
          report.lookUps(),
          report.verdicts().stream().flatMap(judged -> WithheldView.of(judged.answer())).toList(),
          page.answers().stream().map(judged -> JudgedView.of(judged, writes)).toList(),
          page.nextCursor().orElse(null));
    }

    private static Map<String, Integer> proofs(CheckReport report) {
      Map<String, Integer> proofs = new TreeMap<>();
      report.verdicts().stream()
          .map(CheckReport.Judged::verdict)
          .filter(Verdict.Holds.class::isInstance)
          .forEach(verdict -> proofs.merge(word(verdict.proof()), 1, Integer::sum));
      return proofs;
    }
  }

  /** Answers that a session kept out of the ledger, under the id that stands for them all. */
  public record WithheldView(
      long answer, String session, String task, Instant since, Instant until, int count) {

    static Stream<WithheldView> of(Answer answer) {
      return answer.withheld().stream()
          .map(kept ->
              new WithheldView(
                  answer.id(),
                  answer.session().toString(),
                  answer.task().shown(),
                  kept.since(),
                  kept.until(),
                  kept.count()));
    }
  }

  /** How many answers got which verdict. */
  public record CountsView(int holds, int changed, int undecided) {

    public static CountsView of(CheckReport.Counts counts) {
      return new CountsView(counts.holds(), counts.changed(), counts.undecided());
    }
  }

  /**
   * An answer and its verdict.
   *
   * @param effect whether it is what a statement wrote, or that it was refused; left out of other
   *     answers
   * @param cause of what kind the reason of an undecided one is; left out of others
   * @param nextFlip no later than when it can be another although nothing is written; left out
   *     where it can't
   * @param askedBecause why it was asked again; left out where it was not
   */
  public record JudgedView(
      long id,
      String sql,
      List<@Nullable String> params,
      Instant askedAt,
      long rows,
      String verdict,
      @Nullable String proof,
      String reason,
      @Nullable List<List<@Nullable String>> was,
      @Nullable List<List<@Nullable String>> now,
      List<EvidenceView> evidence,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean effect,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String cause,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant nextFlip,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String askedBecause) {

    static JudgedView of(CheckReport.Judged judged) {
      return of(judged, Map.of());
    }

    private static JudgedView of(CheckReport.Judged judged, Map<Evidence, LastWrite> writes) {
      Answer answer = judged.answer();
      Verdict verdict = judged.verdict();
      return new JudgedView(
          answer.id(),
          answer.question().sql(),
          parameters(answer),
          answer.askedAt(),
          answer.result().rowCount(),
          verdict.word(),
          verdict.proof() == Proof.NONE ? null : word(verdict.proof()),
          verdict.reason(),
          answer.result().rows().orElse(null),
          now(verdict),
          evidence(verdict).stream()
              .map(row -> EvidenceView.of(row, Optional.ofNullable(writes.get(row))))
              .toList(),
          answer.told() != Told.ROWS,
          verdict instanceof Verdict.Undecided undecided ? word(undecided.cause()) : null,
          judged.nextFlip().map(NextFlip::at).orElse(null),
          judged.asked().map(ApiJson::word).orElse(null));
    }

    private static @Nullable List<List<@Nullable String>> now(Verdict verdict) {
      return switch (verdict) {
        case Verdict.Changed changed -> changed.now().orElse(null);
        case Verdict.Holds ignored -> null;
        case Verdict.Undecided ignored -> null;
      };
    }

    private static List<Evidence> evidence(Verdict verdict) {
      return switch (verdict) {
        case Verdict.Holds ignored -> List.of();
        case Verdict.Changed changed -> changed.evidence();
        case Verdict.Undecided undecided -> undecided.evidence();
      };
    }
  }

  /** A changed row that bears on an answer. */
  public record EvidenceView(
      String table,
      Map<String, @Nullable String> key,
      String change,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String lsn,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant at) {

    static EvidenceView of(Evidence evidence, Optional<LastWrite> write) {
      return new EvidenceView(
          evidence.table(),
          evidence.key(),
          word(evidence.change()),
          write.map(known -> known.lsn().toString()).orElse(null),
          write.flatMap(LastWrite::at).orElse(null));
    }
  }

  /** How a promotion ended. */
  public record PromotionView(
      String branch,
      String outcome,
      String asOf,
      @Nullable String committed,
      Promotion.UnitCounts units,
      List<FactView> facts,
      List<NotRelied> notRelied,
      List<Long> doubted,
      List<String> unfired,
      String receipt,
      String plan,
      @Nullable PlanDifference difference,
      List<AssertionResult> checks,
      List<TaskWork> tasks,
      List<FactView> moved,
      List<MergedCell> merged) {

    public static PromotionView of(Promotion promotion) {
      return new PromotionView(
          promotion.branch().value(),
          word(promotion.outcome()),
          promotion.asOf().toString(),
          promotion.committed().map(Object::toString).orElse(null),
          promotion.units(),
          FactView.of(promotion.facts(), promotion.tasks()),
          promotion.notRelied(),
          promotion.doubted(),
          promotion.unfired(),
          promotion.receipt(),
          promotion.plan(),
          promotion.difference().orElse(null),
          promotion.checks(),
          promotion.tasks(),
          FactView.of(promotion.moved(), promotion.tasks()),
          promotion.merged());
    }
  }

  /** A receipt in a list. */
  public record ReceiptView(
      String id,
      String branch,
      Instant startedAt,
      Instant endedAt,
      String outcome,
      boolean dryRun,
      @Nullable String committed,
      Promotion.UnitCounts units,
      @Nullable String undoes,
      int undone,
      List<String> undoneBy,
      @Nullable Instant undoUntil,
      boolean earlier) {

    static ReceiptView of(ReceiptSummary receipt) {
      return new ReceiptView(
          receipt.id(),
          receipt.branch(),
          receipt.startedAt(),
          receipt.endedAt(),
          receipt.outcome(),
          receipt.dryRun(),
          receipt.committed().orElse(null),
          receipt.units(),
          receipt.undoes().orElse(null),
          receipt.undone(),
          receipt.undoneBy(),
          receipt.undoUntil().orElse(null),
          receipt.earlier());
    }
  }

  /** What there is to decide of a branch, and what was decided. */
  public record FactsView(
      String branch,
      String asOf,
      String plan,
      Promotion.UnitCounts units,
      int open,
      List<FactView> facts,
      List<TaskWork> tasks,
      List<FactView> moved,
      List<NotRelied> notRelied,
      List<JudgedView> answers) {

    static FactsView of(Promotion look) {
      return new FactsView(
          look.branch().value(),
          look.asOf().toString(),
          look.plan(),
          look.units(),
          (int) look.facts().stream().filter(Fact::isOpen).count(),
          FactView.of(look.facts(), look.tasks()),
          look.tasks(),
          FactView.of(look.moved(), look.tasks()),
          look.notRelied(),
          look.premises().stream().map(JudgedView::of).toList());
    }
  }

  /** One thing that a promotion could not decide by itself. */
  public record FactView(
      String id,
      String kind,
      String nature,
      String state,
      @Nullable Long answer,
      @Nullable String table,
      @Nullable Map<String, @Nullable String> key,
      @Nullable Map<String, @Nullable String> base,
      @Nullable Map<String, @Nullable String> branch,
      @Nullable Map<String, @Nullable String> main,
      List<Long> units,
      List<String> choices,
      String sentence,
      List<String> tasks,
      @Nullable Decided decided,
      List<String> taskIds,
      @Nullable FactRerun rerun,
      String advice,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Decided kept) {

    static List<FactView> of(List<Fact> facts, List<TaskWork> tasks) {
      Map<Long, Set<Integer>> places = tasksByUnit(tasks);
      return facts.stream()
          .map(fact -> {
            Set<Integer> held = new TreeSet<>();
            fact.units().forEach(unit -> held.addAll(places.getOrDefault(unit, Set.of())));
            return of(fact, held.stream().map(at -> tasks.get(at).id()).toList());
          })
          .toList();
    }

    /** The places of the tasks that each unit is of. */
    private static Map<Long, Set<Integer>> tasksByUnit(List<TaskWork> tasks) {
      Map<Long, Set<Integer>> places = new HashMap<>();
      for (int i = 0; i < tasks.size(); i++) {
        int place = i;
        TaskWork task = tasks.get(i);
        Stream.of(task.landed(), task.held(), task.dropped())
            .flatMap(List::stream)
            .forEach(unit -> places.computeIfAbsent(unit, _ -> new TreeSet<>()).add(place));
      }
      return places;
    }

    private static FactView of(Fact fact, List<String> taskIds) {
      return new FactView(
          fact.id(),
          word(fact.kind()),
          word(fact.nature()),
          fact.state(),
          fact.answer().orElse(null),
          fact.table().orElse(null),
          fact.key().orElse(null),
          fact.base().orElse(null),
          fact.branch().orElse(null),
          fact.main().orElse(null),
          fact.units(),
          fact.choices(),
          fact.sentence(),
          fact.tasks(),
          fact.decided().orElse(null),
          taskIds,
          fact.rerun().orElse(null),
          fact.advice(),
          fact.kept().orElse(null));
    }
  }

  /** A connection string. */
  public record UrlView(String url) {}

  /** Tables of main that are watched, or are no more, as {@code schema.table}. */
  public record WatchedTablesView(List<String> tables) {}

  /** That the server answers. */
  public record HealthView(String status) {}

  /** Sections of names and values. */
  public record StatusView(@JsonValue Map<String, Map<String, Object>> sections) {}

  /** A failure, as RFC 9457 has it. */
  public record ProblemView(String type, String title, int status, String detail, String code) {
    static ProblemView of(AnabranchException failure) {
      return new ProblemView(
          "urn:anabranch:error:" + failure.code().slug(),
          failure.code().slug().replace('-', ' '),
          failure.code().httpStatus(),
          String.valueOf(failure.getMessage()),
          "AB-" + failure.code().number());
    }
  }

  private static List<@Nullable String> parameters(Answer answer) {
    List<@Nullable String> texts = new ArrayList<>();
    for (Parameter parameter : answer.question().parameters()) {
      texts.add(parameter.readable() ? parameter.text().orElse(null) : "(binary)");
    }
    return texts;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
