package dev.anabranch.trials.cycles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.cluster.Trees;
import dev.anabranch.server.Anabranch;
import dev.anabranch.server.settings.Settings;
import dev.anabranch.testkit.TemporaryPostgres;
import dev.anabranch.trials.cycles.Course.Stage;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Product;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The cycles have power: with rules of soundness switched off, a course that chance may make goes
 * wrong, and the judge says so.
 */
@Tag("postgres")
final class LifeTrapsTest {

  /**
   * What a course needs in it for mistakes to show.
   *
   * @param off the rules that are off; of several, each is about another program
   * @param programs the kinds of programs
   * @param moves what main does meanwhile, by kind
   * @param shown what is said of what went wrong: the kind of a program, or a row
   */
  record Mistake(Set<Trap> off, List<String> programs, List<String> moves, List<String> shown) {

    static Mistake of(Set<Trap> off, List<String> programs, String... moves) {
      return new Mistake(off, programs, List.of(moves), programs);
    }

    @Override
    public String toString() {
      return off.toString().toLowerCase(Locale.ROOT) + " " + programs;
    }
  }

  private static List<Mistake> mistakes() {
    return List.of(
        Mistake.of(
            EnumSet.of(Trap.CODE_SETS_NOTHING, Trap.PARSED_AS_IT_RUNS, Trap.SNAPSHOT_OF_ITS_OWN),
            List.of(
                "null by a setting of a function",
                "temporary table by a function",
                "zone after parse",
                "snapshot taken over"),
            "note",
            "new price",
            "order at two in the morning",
            "account"),
        Mistake.of(
            EnumSet.of(
                Trap.NOTHING_SHADOWS,
                Trap.SKIP_RIGHTS,
                Trap.COLUMNS_BY_PLACE,
                Trap.ROLLED_BACK_IS_UNSEEN),
            List.of(
                "temporary table by a function",
                "row security by a role",
                "rolled back to a savepoint and told",
                "column read after own row"),
            "new price",
            "grant a role",
            "unpaid",
            "a column for another"),
        Mistake.of(
            EnumSet.of(Trap.EFFECTS_ARE_NO_PREMISES),
            List.of(
                "if paid",
                "insert select",
                "upsert",
                "update by subquery",
                "merge",
                "trigger reads a price",
                "booking in a period",
                "clerk's insert"),
            "unpaid",
            "order",
            "mail count",
            "balance",
            "price",
            "new price",
            "close",
            "revoke"),
        Mistake.of(EnumSet.of(Trap.EFFECTS_ARE_NO_PREMISES), List.of("optimistic lock"), "version"),
        Mistake.of(
            EnumSet.of(Trap.SESSIONS_KNOW_THEIR_OWN, Trap.NAMES_ARE_NOTHING),
            List.of("read and insert", "all columns"),
            "price",
            "two columns change names"),
        new Mistake(
            EnumSet.of(Trap.HALF_IS_WHOLE, Trap.NUMBERS_IN_KEYS_ALONE, Trap.CHOSEN_IS_DRAWN),
            List.of("half in no log", "number used as a reference", "number put back"),
            List.of("numbers"),
            List.of("jot{", "kind=order, ref=", "ticket[")),
        new Mistake(
            EnumSet.of(Trap.SEQUENCES_STAND),
            List.of("voucher"),
            List.of("unrelated"),
            List.of("duplicate key value")),
        Mistake.of(
            EnumSet.of(Trap.OPERATIONS_READ_NOTHING),
            List.of("sale that looks", "sale at a price"),
            "till",
            "price"),
        new Mistake(
            EnumSet.of(Trap.COMBINED_IS_AS_ON_THE_BRANCH),
            List.of("sale"),
            List.of("till"),
            List.of("till[")),
        // The statement, executed again, is refused as well.
        new Mistake(
            EnumSet.of(Trap.ONLY_DATA_REFUSES, Trap.EFFECTS_ARE_NO_PREMISES),
            List.of("booking in a period", "fixed update"),
            List.of("check by a function"),
            List.of("50 is not fair")));
  }

  private static final long SEED = Long.getLong("cycles.seed", 1);

  /** Of most courses the first shows it. */
  private static final int COURSES = 3;

  private static final AtomicReference<Traps> SPRUNG = new AtomicReference<>(Traps.NONE);
  private static Path home;
  private static Anabranch server;
  private static Product product;
  private static int told;

  @BeforeAll
  static void start() throws IOException {
    home = TemporaryPostgres.temporaryDirectory("anabranch-lives-");
    server = new Anabranch(Settings.inDirectory(home.resolve("data")), step -> {}, SPRUNG::get);
    product = Product.of(server.start());
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    Trees.delete(home);
  }

  /** Whose a unit is can be unclear, which holds it: then another course shows the mistake. */
  @ParameterizedTest
  @MethodSource("mistakes")
  void aRuleSwitchedOffIsFoundOut(Mistake mistake) throws SQLException {
    Set<String> missing = new TreeSet<>(mistake.shown());
    for (long seed = SEED; seed < SEED + COURSES && !missing.isEmpty(); seed++) {
      tell(seed, new Traps(mistake.off()), mistake.programs(), mistake.moves())
          .forEach(wrong ->
              missing.removeIf(
                  shown -> wrong.program().equals(shown) || wrong.report().contains(shown)));
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void withEveryRuleOnNothingOfItIsWrong() throws SQLException {
    Set<String> programs = new LinkedHashSet<>();
    Set<String> moves = new LinkedHashSet<>();
    for (Mistake mistake : mistakes()) {
      programs.addAll(mistake.programs());
      moves.addAll(mistake.moves());
    }
    programs.addAll(List.of("returning", "fixed update", "dates in another order"));
    assertThat(tell(SEED, Traps.NONE, List.copyOf(programs), List.copyOf(moves))).isEmpty();
  }

  private static List<Wrong> tell(long seed, Traps off, List<String> kinds, List<String> moves)
      throws SQLException {
    SPRUNG.set(off);
    String name = "trap-" + ++told;
    SplittableRandom dice = new SplittableRandom(seed);
    Programs programs = new Programs(dice.split(), Life.schema(name));
    Moves made = new Moves(dice.split(), Life.schema(name));
    Stage stage =
        new Stage(
            kinds.stream().map(kind -> program(programs, kind)).toList(),
            moves.stream().map(made::named).toList(),
            List.of());
    Address judge = Address.parse(TemporaryPostgres.shared().url("postgres"));
    Course course = new Course(seed, List.of(stage));
    return new Life(product, judge, name, course, new Tally()).tell();
  }

  private static Program program(Programs programs, String kind) {
    return Stream.generate(() -> programs.named(kind))
        .filter(program -> !kind.equals("read and insert") || isInTwoSessions(program))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isInTwoSessions(Program program) {
    return program.lines().stream().map(Line::session).distinct().count() > 1;
  }
}
