package dev.anabranch.trials.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.cluster.Trees;
import dev.anabranch.server.Anabranch;
import dev.anabranch.server.settings.Settings;
import dev.anabranch.testkit.TemporaryPostgres;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The oracle has power: with a rule of soundness switched off, the whole product says that an
 * answer holds which brute force does not confirm. One scenario holds a question for each rule, so
 * that nothing here is left to chance.
 */
@Tag("postgres")
final class TrapsTest {

  /**
   * Rules that it takes more than a read and a check to break: a writing statement
   * (EffectTrapsTest), a promotion (LandedWorkTest, LifeTrapsTest, the promoter's TrapsTests,
   * DecisionsTests and DecideTests), a check with nothing else open (OnMirrorTest), another
   * encoding (EncodingTrapsTest), another day (LikenessTest); and one of two that see the same.
   */
  private static final Set<Trap> TOLD_ELSEWHERE =
      EnumSet.of(
          Trap.SKIP_TRUNCATE,
          Trap.LAY_OVER_LANDED,
          Trap.CONFUSE_NUMBERS,
          Trap.ALL_IS_OWN_WORK,
          Trap.ASK_MAIN_OVER_OWN_WRITES,
          Trap.FORGET_WHICH_ROWS,
          Trap.FORGET_OWN_ROWS,
          Trap.TRUST_WORDS,
          Trap.REFUSALS_STAND,
          Trap.FORGET_HIDDEN_WRITES,
          Trap.ALL_IS_DRAWN,
          Trap.CONSTRAINTS_TAKE_ALL,
          Trap.TODAY_IS_THE_CLOCKS,
          Trap.TRUST_CHANCE,
          Trap.TAGS_ONLY,
          Trap.NOTHING_CAME_BEFORE,
          Trap.SETTINGS_STAY_AS_LEFT,
          Trap.NOBODY_STOOD_IN_THE_WAY,
          Trap.STILL_ROWS_TELL_ALL,
          Trap.PARSED_AS_IT_RUNS,
          Trap.CODE_SETS_NOTHING,
          Trap.NAMES_ARE_NOTHING,
          Trap.ENDS_ARE_KNOWN,
          Trap.ROLLED_BACK_IS_UNSEEN,
          Trap.SNAPSHOT_OF_ITS_OWN,
          Trap.NOTHING_SHADOWS,
          Trap.SKIP_RIGHTS,
          Trap.COLUMNS_BY_PLACE,
          Trap.EVERYTHING_IS_UTF8,
          Trap.EFFECTS_ARE_NO_PREMISES,
          Trap.SESSIONS_KNOW_THEIR_OWN,
          Trap.LAND_PAST_TRIGGERS,
          Trap.LAND_WITHOUT_RIGHTS,
          Trap.WHEREVER_IT_IS_NOW,
          Trap.HALF_IS_WHOLE,
          Trap.LARGE_OBJECTS_FOLLOW,
          Trap.NUMBERS_IN_KEYS_ALONE,
          Trap.CHOSEN_IS_DRAWN,
          Trap.FORGET_DRAWN_NUMBERS,
          Trap.SEQUENCES_STAND,
          Trap.ONLY_DATA_REFUSES,
          Trap.WINDOW_IS_SHUT,
          Trap.DECIDED_FOR_GOOD,
          Trap.OVERRULED_IS_AS_SEEN,
          Trap.ANY_ROW_OF_THAT_KEY,
          Trap.DROPPED_ALONE,
          Trap.ANY_PLAN_WILL_DO,
          Trap.AGAIN_TELLS_THE_SAME,
          Trap.AGAIN_IS_AS_SEEN,
          Trap.UNDONE_OVER_EDITS,
          Trap.OPERATIONS_READ_NOTHING,
          Trap.COMBINED_IS_AS_ON_THE_BRANCH,
          Trap.EQUAL_SUMS_AGREE,
          Trap.NOTHING_DONE_IS_NOTHING_SAID,
          Trap.SAME_AGAIN_IS_UNWRITTEN,
          Trap.AGREED_FOR_GOOD,
          Trap.ACCEPTED_WITHOUT_WHAT_IT_SAW,
          Trap.EACH_ROW_ALONE,
          Trap.WHAT_LANDED_STAYS,
          Trap.CLOCK_STANDS_STILL,
          Trap.BOUNDS_MOVE_EVENLY,
          Trap.DAYS_BEGIN_IN_UTC,
          Trap.DAYS_BEGIN_ONCE);

  private static final Traps BOTH_THAT_SEE_TRUNCATE =
      new Traps(EnumSet.of(Trap.SKIP_TRUNCATE, Trap.SKIP_SCHEMA));

  /** The labels of the answers that are wrongly said to hold, by what is switched off. */
  private static final Map<Traps, Set<String>> FALSE_HOLDS = new HashMap<>();

  @BeforeAll
  static void checkWithEachRuleOff() throws SQLException, IOException {
    List<Traps> all = new ArrayList<>(List.of(Traps.NONE, BOTH_THAT_SEE_TRUNCATE));
    // First, while what is kept is from midway.
    all.addFirst(Traps.of(Trap.KEPT_WHATEVER_CHANGES));
    rules().filter(rule -> rule != Trap.KEPT_WHATEVER_CHANGES).map(Traps::of).forEach(all::add);
    all.add(Traps.of(Trap.SKIP_TRUNCATE));
    AtomicReference<Traps> sprung = new AtomicReference<>(Traps.NONE);
    Path home = TemporaryPostgres.temporaryDirectory("anabranch-traps-");
    try (Anabranch server =
        new Anabranch(Settings.inDirectory(home.resolve("data")), step -> {}, sprung::get)) {
      Product product = Product.of(server.start());
      List<Runnable> checks = all.stream().<Runnable>map(traps -> () -> sprung.set(traps)).toList();
      List<Set<String>> found = new Round(World.of(product), "traps", SCENARIO).runEach(checks);
      for (int i = 0; i < all.size(); i++) {
        FALSE_HOLDS.put(all.get(i), found.get(i));
      }
    } finally {
      Trees.delete(home);
    }
  }

  @Test
  void withEveryRuleOnNoHoldIsFalse() {
    assertThat(falseHolds(Traps.NONE)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void aRuleSwitchedOffIsFoundOut(Trap trap) {
    assertThat(falseHolds(Traps.of(trap))).contains(label(trap));
  }

  /** TRUNCATE gives a table new storage, so two rules see it, and only both off miss it. */
  @Test
  void eitherOfTwoRulesSeesThatATableWasEmptied() {
    String emptied = label(Trap.SKIP_TRUNCATE);

    assertThat(falseHolds(Traps.of(Trap.SKIP_TRUNCATE))).doesNotContain(emptied);
    assertThat(falseHolds(Traps.of(Trap.SKIP_SCHEMA))).doesNotContain(emptied);
    assertThat(falseHolds(BOTH_THAT_SEE_TRUNCATE)).contains(emptied);
  }

  /** All that a verdict on what was read rests on. */
  private static Stream<Trap> rules() {
    Set<Trap> told = EnumSet.allOf(Trap.class);
    told.removeAll(TOLD_ELSEWHERE);
    return told.stream();
  }

  private static Set<String> falseHolds(Traps traps) {
    return Objects.requireNonNull(FALSE_HOLDS.get(traps));
  }

  private static String label(Trap trap) {
    return trap.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static final Scenario SCENARIO = new Story().told();

  /** Puts the scenario together, rule by rule. */
  private static final class Story {
    private final List<String> base = new ArrayList<>();
    private final List<Step> branch = new ArrayList<>();
    private final List<String> main = new ArrayList<>();

    Scenario told() {
      for (Trap trap : Trap.values()) {
        tell(trap);
      }
      return new Scenario(base, branch, Map.of(), main);
    }

    /** What goes wrong when this rule is off, in tables of its own. */
    private void tell(Trap trap) {
      switch (trap) {
        case NO_OVERLAY -> {
          base("CREATE TABLE overlaid (id int PRIMARY KEY, a int, b int)");
          base("INSERT INTO overlaid VALUES (1, 3, 1)");
          act("UPDATE overlaid SET a = 9");
          ask(trap, "SELECT count(*) FROM overlaid WHERE a > 5 AND b = 1");
          main("UPDATE overlaid SET b = 2");
        }
        case RENAMED_ROWS_ARE_NEW -> {
          base("CREATE TABLE renamed (id int PRIMARY KEY, n int)");
          base("INSERT INTO renamed VALUES (1, 10)");
          act("UPDATE renamed a SET id = id + 1000 WHERE a.id = 1");
          ask(trap, "SELECT n FROM renamed WHERE id = 1001");
          main("UPDATE renamed SET n = 8");
        }
        case NO_BEFORE_IMAGE -> {
          base("CREATE TABLE leaves (id int PRIMARY KEY, a int)");
          base("INSERT INTO leaves VALUES (1, 5)");
          ask(trap, "SELECT count(*) FROM leaves WHERE a = 5");
          main("UPDATE leaves SET a = 6");
        }
        case JAVA_COMPARES -> {
          base("CREATE TABLE decimals (id int PRIMARY KEY, n numeric)");
          ask(trap, "SELECT count(*) FROM decimals WHERE n = 1.0");
          main("INSERT INTO decimals VALUES (1, 1.00)");
        }
        case ON_TO_PRESERVED_SIDE -> {
          base("CREATE TABLE preserved (id int PRIMARY KEY, a int)");
          base("CREATE TABLE supplying (id int PRIMARY KEY)");
          base("INSERT INTO preserved VALUES (1, 1)");
          ask(
              trap,
              "SELECT count(*) FROM preserved p LEFT JOIN supplying s ON p.id = s.id AND p.a = 1");
          main("INSERT INTO preserved VALUES (2, 2)");
        }
        case THROUGH_LIMIT -> {
          base("CREATE TABLE topmost (id int PRIMARY KEY, a int)");
          base("INSERT INTO topmost VALUES (1, 5), (2, 7)");
          ask(
              trap,
              "SELECT t.id FROM (SELECT id, a FROM topmost ORDER BY a LIMIT 1) t WHERE t.a = 5");
          main("INSERT INTO topmost VALUES (3, 1)");
        }
        case TWO_VALUED_NOT -> {
          base("CREATE TABLE unknowns (id int PRIMARY KEY, a int)");
          ask(trap, "SELECT count(*) FROM unknowns WHERE (a = 1) IS UNKNOWN");
          main("INSERT INTO unknowns VALUES (1, NULL)");
        }
        case OUTPUT_COLUMNS_ONLY -> {
          base("CREATE TABLE filtered (id int PRIMARY KEY, a int, b int)");
          base("INSERT INTO filtered VALUES (1, 1, 1)");
          ask(trap, "SELECT f.a FROM filtered f WHERE f.b = 1");
          main("UPDATE filtered SET b = 2");
        }
        case COUNTS_ONLY -> {
          base("CREATE TABLE summed (id int PRIMARY KEY, a int)");
          base("INSERT INTO summed VALUES (1, 1)");
          ask(trap, "SELECT sum(a) FROM summed");
          main("UPDATE summed SET a = 2");
        }
        case SKIP_TRUNCATE -> {
          base("CREATE TABLE emptied (id int PRIMARY KEY)");
          base("INSERT INTO emptied VALUES (1)");
          ask(trap, "SELECT count(*) FROM emptied");
          main("TRUNCATE emptied");
        }
        case SKIP_SCHEMA -> {
          base("CREATE TABLE viewed (id int PRIMARY KEY)");
          base("INSERT INTO viewed VALUES (1), (2)");
          base("CREATE VIEW narrow AS SELECT id FROM viewed WHERE id > 1");
          ask(trap, "SELECT count(*) FROM narrow");
          main("CREATE OR REPLACE VIEW narrow AS SELECT id FROM viewed WHERE id > 2");
        }
        case TRUST_TIME -> {
          base("CREATE TABLE clocked (id int PRIMARY KEY)");
          base("INSERT INTO clocked SELECT generate_series(0, 999)");
          ask(
              trap,
              "SELECT id FROM clocked WHERE id = (extract(epoch FROM now()) * 1000000)::bigint %"
                  + " 1000");
        }
        case IGNORE_CONTRADICTIONS -> {
          base("CREATE TABLE contested (id int PRIMARY KEY, a int)");
          base("INSERT INTO contested VALUES (1, 1)");
          act("UPDATE contested SET a = 2");
          ask(trap, "SELECT sum(a) FROM contested");
          main("UPDATE contested SET a = 3");
        }
        case VOUCH_FOR_UNAPPLIED -> {
          base("CREATE TABLE moved (id int PRIMARY KEY, a int, b int)");
          base("CREATE TABLE lonely (id int PRIMARY KEY, a int)");
          base("INSERT INTO moved VALUES (1, 5, 1)");
          base("INSERT INTO lonely VALUES (1, 5), (2, 7)");
          // A row that main has changed under its old key can't be given the new one.
          act("UPDATE moved SET id = 2");
          ask(
              trap,
              "SELECT count(*) FROM lonely l WHERE NOT EXISTS (SELECT FROM moved m WHERE m.id > 1"
                  + " AND m.a = l.a)");
          main("UPDATE moved SET b = 9");
          main("DELETE FROM lonely WHERE id = 2");
        }
        case SKIP_DESCENDANTS -> {
          base("CREATE TABLE parted (id int PRIMARY KEY) PARTITION BY RANGE (id)");
          base("CREATE TABLE part PARTITION OF parted FOR VALUES FROM (0) TO (10)");
          ask(trap, "SELECT count(*) FROM parted");
          main("INSERT INTO parted VALUES (1)");
        }
        case KEPT_WHATEVER_CHANGES -> {
          base("CREATE TABLE kept (id int PRIMARY KEY, a int)");
          base("INSERT INTO kept VALUES (1, 1)");
          ask(trap, "SELECT count(*) FROM kept WHERE a = 1");
          main("UPDATE kept SET a = 2");
        }
        case COUNT_NULLS -> {
          base("CREATE TABLE nulls (id int PRIMARY KEY, a int)");
          base("INSERT INTO nulls VALUES (1, 5)");
          ask(trap, "SELECT count(a) FROM nulls");
          main("UPDATE nulls SET a = NULL");
        }
        case NOTHING_SUMS_TO_ZERO -> {
          base("CREATE TABLE zeros (id int PRIMARY KEY, a int)");
          base("INSERT INTO zeros VALUES (1, 0)");
          ask(trap, "SELECT sum(a) FROM zeros");
          main("DELETE FROM zeros");
        }
        case GONE_EXTREME_STAYS -> {
          base("CREATE TABLE least (id int PRIMARY KEY, a int)");
          base("INSERT INTO least VALUES (1, 1), (2, 2)");
          ask(trap, "SELECT min(a) FROM least");
          main("DELETE FROM least WHERE id = 1");
        }
        case EMPTY_GROUP_STAYS -> {
          base("CREATE TABLE grouped (id int PRIMARY KEY, a int)");
          base("INSERT INTO grouped VALUES (1, 1), (2, 2)");
          ask(trap, "SELECT a FROM grouped GROUP BY a");
          main("DELETE FROM grouped WHERE id = 1");
        }
        case COMES_AFTER_THE_LAST -> {
          base("CREATE TABLE listed (id int PRIMARY KEY)");
          base("INSERT INTO listed VALUES (1), (2), (3)");
          ask(trap, "SELECT id FROM listed ORDER BY id LIMIT 2");
          main("INSERT INTO listed VALUES (0)");
        }
        case MATCHING_STAYS_SAME -> {
          base("CREATE TABLE revised (id int PRIMARY KEY, a int)");
          base("INSERT INTO revised VALUES (1, 1)");
          ask(trap, "SELECT count(*), sum(a) FROM revised");
          main("UPDATE revised SET a = 2");
        }
        case LAY_OVER_LANDED,
            CONFUSE_NUMBERS,
            ALL_IS_OWN_WORK,
            ASK_MAIN_OVER_OWN_WRITES,
            FORGET_WHICH_ROWS,
            FORGET_OWN_ROWS,
            TRUST_WORDS,
            REFUSALS_STAND,
            FORGET_HIDDEN_WRITES,
            ALL_IS_DRAWN,
            CONSTRAINTS_TAKE_ALL,
            TODAY_IS_THE_CLOCKS,
            TRUST_CHANCE,
            TAGS_ONLY,
            NOTHING_CAME_BEFORE,
            SETTINGS_STAY_AS_LEFT,
            NOBODY_STOOD_IN_THE_WAY,
            STILL_ROWS_TELL_ALL,
            PARSED_AS_IT_RUNS,
            CODE_SETS_NOTHING,
            NAMES_ARE_NOTHING,
            ENDS_ARE_KNOWN,
            ROLLED_BACK_IS_UNSEEN,
            SNAPSHOT_OF_ITS_OWN,
            NOTHING_SHADOWS,
            SKIP_RIGHTS,
            COLUMNS_BY_PLACE,
            EVERYTHING_IS_UTF8,
            EFFECTS_ARE_NO_PREMISES,
            SESSIONS_KNOW_THEIR_OWN,
            LAND_PAST_TRIGGERS,
            LAND_WITHOUT_RIGHTS,
            WHEREVER_IT_IS_NOW,
            HALF_IS_WHOLE,
            LARGE_OBJECTS_FOLLOW,
            NUMBERS_IN_KEYS_ALONE,
            CHOSEN_IS_DRAWN,
            FORGET_DRAWN_NUMBERS,
            SEQUENCES_STAND,
            ONLY_DATA_REFUSES,
            WINDOW_IS_SHUT,
            DECIDED_FOR_GOOD,
            OVERRULED_IS_AS_SEEN,
            ANY_ROW_OF_THAT_KEY,
            DROPPED_ALONE,
            ANY_PLAN_WILL_DO,
            AGAIN_TELLS_THE_SAME,
            AGAIN_IS_AS_SEEN,
            UNDONE_OVER_EDITS,
            OPERATIONS_READ_NOTHING,
            COMBINED_IS_AS_ON_THE_BRANCH,
            EQUAL_SUMS_AGREE,
            NOTHING_DONE_IS_NOTHING_SAID,
            SAME_AGAIN_IS_UNWRITTEN,
            AGREED_FOR_GOOD,
            ACCEPTED_WITHOUT_WHAT_IT_SAW,
            EACH_ROW_ALONE,
            WHAT_LANDED_STAYS,
            CLOCK_STANDS_STILL,
            BOUNDS_MOVE_EVENLY,
            DAYS_BEGIN_IN_UTC,
            DAYS_BEGIN_ONCE -> {}
        case NEVER_RAISES -> {
          base("CREATE TABLE divided (id int PRIMARY KEY, a int, b int)");
          base("INSERT INTO divided VALUES (1, 1, 1)");
          // The list is the dearer condition, so Postgres divides first.
          ask(
              trap,
              "SELECT count(*) FROM divided WHERE 10 / b > 1 AND a IN (1, 3, 4, 5, 6, 7, 8, 9)");
          main("INSERT INTO divided VALUES (2, 2, 0)");
        }
      }
    }

    private void base(String sql) {
      base.add(sql);
    }

    private void act(String sql) {
      branch.add(new Step.Act("alice", sql));
    }

    private void ask(Trap trap, String sql) {
      branch.add(new Step.Ask("alice", label(trap), sql, List.of()));
    }

    private void main(String sql) {
      main.add(sql);
    }
  }
}
