package dev.anabranch.base;

import java.util.EnumSet;
import java.util.Set;

/**
 * Soundness rules that can be switched off, one by one, so that the tests can show that they have
 * the power to see a false verdict. Production always runs with {@link #NONE}.
 *
 * @param sprung the rules that are off
 */
public record Traps(Set<Trap> sprung) {

  /** Every rule in force. */
  public static final Traps NONE = new Traps(Set.of());

  /** A rule that is easy to forget, named by the mistake. */
  public enum Trap {
    /** Match main's raw images although the branch wrote the same row. */
    NO_OVERLAY,
    /** Match only what a row is now, not what it was. */
    NO_BEFORE_IMAGE,
    /**
     * Compare with the JDK's defaults: UTF-16 order, equals() on decimals, signed UUIDs, unpadded
     * chars.
     */
    JAVA_COMPARES,
    /** Push an ON conjunct to the preserved side of an outer join. */
    ON_TO_PRESERVED_SIDE,
    /** Push a conjunct through LIMIT. */
    THROUGH_LIMIT,
    /** Take NULL for false under NOT and IS. */
    TWO_VALUED_NOT,
    /** Leave ORDER BY, GROUP BY and join columns out of the columns read. */
    OUTPUT_COLUMNS_ONLY,
    /** Count a change only when the number of matching rows changed. */
    COUNTS_ONLY,
    /** Take TRUNCATE and other changes that are no rows for nothing. */
    SKIP_TRUNCATE,
    /** Do not look at DDL. */
    SKIP_SCHEMA,
    /** Believe an answer that depends on the clock when its rows did not change. */
    TRUST_TIME,
    /** Let the branch's cell win where main changed the same one. */
    IGNORE_CONTRADICTIONS,
    /** Take a write that could not be laid over main for one that does not bear on the answer. */
    VOUCH_FOR_UNAPPLIED,
    /** Take a table's partitions and children for other tables. */
    SKIP_DESCENDANTS,
    /** Take a row that does not match for one on which the statement can't fail. */
    NEVER_RAISES,
    /** Lay work over main that has landed there. */
    LAY_OVER_LANDED,
    /** Take the branch's number of a row for main's, although main calls the row otherwise. */
    CONFUSE_NUMBERS,
    /** Take what main changed for the branch's own landed work. */
    ALL_IS_OWN_WORK,
    /** Take an UPDATE of one row for the same as that of another with the same values. */
    FORGET_WHICH_ROWS,
    /** Take the fork's row for the one that a statement found which its own transaction wrote. */
    FORGET_OWN_ROWS,
    /** Believe that a statement does no more than its words say, whatever triggers it fires. */
    TRUST_WORDS,
    /** Take a refusal for an insert of given values, which rests on nothing. */
    REFUSALS_STAND,
    /** Believe that main takes a row because the branch took it, whatever other rows it has now. */
    CONSTRAINTS_TAKE_ALL,
    /** Let a later question of a transaction not see what an earlier SELECT wrote. */
    FORGET_HIDDEN_WRITES,
    /** Take every value that comes out otherwise for one that was drawn anew. */
    ALL_IS_DRAWN,
    /** Take a date for the clock's because it is the day on which it was told. */
    TODAY_IS_THE_CLOCKS,
    /** Let what comes out otherwise each time hold although what it read has changed. */
    TRUST_CHANCE,
    /** Judge a statement of a rolled-back transaction alone, whatever came of those before it. */
    NOTHING_CAME_BEFORE,
    /** Compare what a statement told, and not what it wrote. */
    TAGS_ONLY,
    /** While main's rows and definitions stand still, let every answer hold. */
    STILL_ROWS_TELL_ALL,
    /** Ask main alone although the answer saw the branch's own writes to what it reads. */
    ASK_MAIN_OVER_OWN_WRITES,
    /** Say again what an earlier check found, whatever main has changed since. */
    KEPT_WHATEVER_CHANGES,
    /** Count a NULL as count(*) does where count(column) is asked. */
    COUNT_NULLS,
    /** Take the sum of no values for 0. */
    NOTHING_SUMS_TO_ZERO,
    /** Take the least value for the least still, although its row has gone. */
    GONE_EXTREME_STAYS,
    /** Keep a group of which no row is left. */
    EMPTY_GROUP_STAYS,
    /** Take every row that comes for one beyond the end of a list that LIMIT cut off. */
    COMES_AFTER_THE_LAST,
    /** Take a row that matches before and after for the same, whatever values it has now. */
    MATCHING_STAYS_SAME,
    /** Read a prepared statement's constants by the settings that it runs under. */
    PARSED_AS_IT_RUNS,
    /** Believe that functions and triggers change no settings and make no temporary tables. */
    CODE_SETS_NOTHING,
    /** Take a transaction whose end nobody saw for one that ended when it was last seen. */
    ENDS_ARE_KNOWN,
    /** Take what was rolled back for something that nobody saw. */
    ROLLED_BACK_IS_UNSEEN,
    /** Take the same cells for the same answer, whatever the columns are called. */
    NAMES_ARE_NOTHING,
    /** Take a snapshot that was taken over (SET TRANSACTION SNAPSHOT) for the session's own. */
    SNAPSHOT_OF_ITS_OWN,
    /** Take a name for main's table although the session's temporary table goes by it. */
    NOTHING_SHADOWS,
    /** Do not look at roles, memberships, grants and policies. */
    SKIP_RIGHTS,
    /** Lay a branch's rows over main's by where columns stand, not by what they are. */
    COLUMNS_BY_PLACE,
    /** Read constants as UTF-8, and count their characters, whatever the database's encoding is. */
    EVERYTHING_IS_UTF8,
    /** Let work rest on the rows that it was told alone, and not on what its statements did. */
    EFFECTS_ARE_NO_PREMISES,
    /** Take a row that a unique key refused for one that no other row had to do with. */
    NOBODY_STOOD_IN_THE_WAY,
    /** Believe that what code left in a session's settings is what it would leave there now. */
    SETTINGS_STAY_AS_LEFT,
    /** Let a session's work rest on what that session was told alone. */
    SESSIONS_KNOW_THEIR_OWN,
    /** Land rows past triggers that main has added since the branch was made. */
    LAND_PAST_TRIGGERS,
    /** Land rows that their writer may not write on main any more. */
    LAND_WITHOUT_RIGHTS,
    /** Land rows in the table that they came from, whatever it is called now. */
    WHEREVER_IT_IS_NOW,
    /** Land the logged part of a transaction that also wrote what is in no log. */
    HALF_IS_WHOLE,
    /** Land a row that names a large object, which does not. */
    LARGE_OBJECTS_FOLLOW,
    /** Look for renumbered rows in keys and foreign keys alone. */
    NUMBERS_IN_KEYS_ALONE,
    /** Give a row that somebody numbered by hand another number. */
    CHOSEN_IS_DRAWN,
    /** Draw numbers again for each attempt to land. */
    FORGET_DRAWN_NUMBERS,
    /** Leave main's sequences where they stand when numbers drawn from copies of them land. */
    SEQUENCES_STAND,
    /** Take a row that main refuses for another reason than its data for a failed promotion. */
    ONLY_DATA_REFUSES,
    /** Do not look at what main wrote between the check and the commit. */
    WINDOW_IS_SHUT,
    /** Let what was decided of a fact count although the fact is another by now. */
    DECIDED_FOR_GOOD,
    /** Let work land that saw what a decision takes from the branch. */
    OVERRULED_IS_AS_SEEN,
    /** Let a row that main had of its own be the one that the branch's other rows refer to. */
    ANY_ROW_OF_THAT_KEY,
    /** Drop the units that a person drops, and not what depends on them. */
    DROPPED_ALONE,
    /** Land what can land although it is not the plan that was approved. */
    ANY_PLAN_WILL_DO,
    /** Take what an execution told for what another one of the same statement tells. */
    AGAIN_TELLS_THE_SAME,
    /** Take rows that land otherwise, executed again, for the rows that others had seen. */
    AGAIN_IS_AS_SEEN,
    /** Set a row back to what it was before a promotion, whatever main has made of it since. */
    UNDONE_OVER_EDITS,
    /** Take a column that combines for one that its statement does not read, whatever it does. */
    OPERATIONS_READ_NOTHING,
    /** Let what a rule combines be what the branch had. */
    COMBINED_IS_AS_ON_THE_BRANCH,
    /** Take two sums that are the same number for one that both sides agree on. */
    EQUAL_SUMS_AGREE,
    /**
     * Take an operation that changed nothing on the branch for one that changes nothing on main.
     */
    NOTHING_DONE_IS_NOTHING_SAID,
    /** Take a cell that was given the value it had for one that nobody wrote. */
    SAME_AGAIN_IS_UNWRITTEN,
    /** Let what main and the branch did alike agree, whatever the branch made of it afterwards. */
    AGREED_FOR_GOOD,
    /** Take a row that the branch gave another key for a new one, which main knows nothing of. */
    RENAMED_ROWS_ARE_NEW,
    /** Land what rests on an accepted answer without the units whose rows that saw. */
    ACCEPTED_WITHOUT_WHAT_IT_SAW,
    /** Ask of a unit's rows as if nobody else had written to them whether they were read. */
    EACH_ROW_ALONE,
    /** Take what landed for what main has, also when it was undone, or landed with other values. */
    WHAT_LANDED_STAYS,
    /** Land what rests on an answer although the clock may have made it another since the check. */
    CLOCK_STANDS_STILL,
    /**
     * Let a clock's side of a comparison move as fast as the clock, whatever months and zones do.
     */
    BOUNDS_MOVE_EVENLY,
    /** Take the days of UTC for those of the session's time zone. */
    DAYS_BEGIN_IN_UTC,
    /** Take the last midnight for the first where clocks are set back over it. */
    DAYS_BEGIN_ONCE
  }

  public Traps {
    sprung = sprung.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(sprung));
  }

  /** One rule off. */
  public static Traps of(Trap trap) {
    return new Traps(Set.of(trap));
  }

  public boolean has(Trap trap) {
    // Asked for every row; there are none but in tests.
    return !sprung.isEmpty() && sprung.contains(trap);
  }
}
