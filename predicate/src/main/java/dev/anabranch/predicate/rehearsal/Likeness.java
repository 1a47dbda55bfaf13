package dev.anabranch.predicate.rehearsal;

import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.base.TypeOid;
import dev.anabranch.ledger.RowDigest;
import dev.anabranch.predicate.world.Degree;
import dev.anabranch.predicate.world.RehearsalWindow;
import dev.anabranch.predicate.world.Self;
import dev.anabranch.predicate.world.Touched;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compares values that an execution wrote or told with those of two others, which ran one after the
 * other over the same rows.
 *
 * <p>What the two have in common comes from the rows and must be what the first one had. What
 * differs between the two was drawn: a number of a sequence, a random value, the clock. Numbers and
 * random keys must go together one for one, wherever they stand; moments must be those of the
 * executions themselves. A day may be the clock's and may have been read, so that nothing is known.
 * A transaction's number and a statement's text are the execution's own where each is that of the
 * execution which wrote it.
 */
final class Likeness {

  private static final Set<Long> WHOLE_NUMBERS =
      TypeOid.set(TypeOid.INT8, TypeOid.INT2, TypeOid.INT4, TypeOid.NUMERIC);

  /** uuid, text, varchar, char, json, jsonb. */
  private static final Set<Long> TEXTS =
      TypeOid.set(
          TypeOid.UUID, TypeOid.TEXT, TypeOid.VARCHAR, TypeOid.BPCHAR, TypeOid.JSON, TypeOid.JSONB);

  private static final Pattern NUMBER = Pattern.compile("-?\\d+");

  /** A moment, a random key, or a number, in this order. */
  private static final Pattern DRAWN_PART =
      Pattern.compile(
          "(?<moment>\\d{4}-\\d\\d-\\d\\d["
              + " T]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?([+-]\\d\\d(:\\d\\d)?|Z)?)"
              + "|(?<key>[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12})|\\d+");

  private final RehearsalWindow then;
  private final RehearsalWindow now;
  private final Touched touched;
  private final Self selfThen;
  private final Self selfNow;
  private final Traps traps;
  private final boolean ofRows;
  private final Map<String, String> forth;
  private final Map<String, String> back;

  /**
   * @param then when the first execution ran
   * @param now when the others ran
   * @param touched by the first of the others, with the numbers that it drew
   * @param selfThen what the first execution was itself
   * @param selfNow what the others were
   */
  Likeness(
      RehearsalWindow then,
      RehearsalWindow now,
      Touched touched,
      Self selfThen,
      Self selfNow,
      Traps traps) {
    this(then, now, touched, selfThen, selfNow, traps, false, new HashMap<>(), new HashMap<>());
  }

  private Likeness(
      RehearsalWindow then,
      RehearsalWindow now,
      Touched touched,
      Self selfThen,
      Self selfNow,
      Traps traps,
      boolean ofRows,
      Map<String, String> forth,
      Map<String, String> back) {
    this.ofRows = ofRows;
    this.forth = forth;
    this.back = back;
    this.then = then;
    this.now = now;
    this.touched = touched;
    this.selfThen = selfThen;
    this.selfNow = selfNow;
    this.traps = traps;
  }

  /**
   * The same for rows that are written: there a number may be a moment, too. One that a client was
   * told may as well be an age, which is another each time it is asked.
   */
  Likeness ofRows() {
    return new Likeness(then, now, touched, selfThen, selfNow, traps, true, forth, back);
  }

  Degree of(long typeOid, @Nullable String was, @Nullable String is, @Nullable String again) {
    if (was == null || is == null) {
      return Objects.equals(was, is)
          ? Degree.SAME
          : Objects.equals(is, again) ? Degree.OTHER : Degree.CHANCE;
    }
    if (RowDigest.canonical(typeOid, was).equals(RowDigest.canonical(typeOid, is))) {
      return Degree.SAME;
    }
    Degree clock = clock(was, is);
    if (clock != Degree.OTHER) {
      return clock;
    }
    Optional<Degree> own = Self.compare(selfThen, selfNow, was, is);
    if (own.isPresent()) {
      return own.get();
    }
    if (is.equals(again) && !traps.has(Trap.ALL_IS_DRAWN)) {
      return TEXTS.contains(typeOid) ? ownParts(was, is) : Degree.OTHER;
    }
    if (WHOLE_NUMBERS.contains(typeOid)) {
      return drew(is) && NUMBER.matcher(was).matches() ? pair(was, is) : Degree.CHANCE;
    }
    return TEXTS.contains(typeOid) ? parts(was, is, String.valueOf(again)) : Degree.CHANCE;
  }

  private boolean drew(String number) {
    return touched.drew(number) || traps.has(Trap.ALL_IS_DRAWN);
  }

  /** Of two texts that differ; {@link Degree#OTHER} when neither is the clock's. */
  private Degree clock(String was, String is) {
    return switch (reading(then, was).and(reading(now, is))) {
      case NONE -> Degree.OTHER;
      case PERHAPS -> traps.has(Trap.TODAY_IS_THE_CLOCKS) ? Degree.DRAWN : Degree.CHANCE;
      case SURELY -> Degree.DRAWN;
    };
  }

  private RehearsalWindow.Reading reading(RehearsalWindow window, String text) {
    return ofRows ? window.readingOrNumber(text) : window.reading(text);
  }

  /** What each execution itself is; {@link Degree#OTHER} when that is not known. */
  private Degree own(String was, String is) {
    Degree clock = clock(was, is);
    return clock != Degree.OTHER
        ? clock
        : Self.compare(selfThen, selfNow, was, is)
            .filter(Degree.DRAWN::equals)
            .orElse(Degree.OTHER);
  }

  /** Moments and numbers of their own are the same in the two executions, also within a text. */
  private Degree ownParts(String was, String is) {
    if (!around(was).equals(around(is))) {
      return Degree.OTHER;
    }
    Degree degree = Degree.DRAWN;
    Matcher ours = DRAWN_PART.matcher(was);
    Matcher theirs = DRAWN_PART.matcher(is);
    while (ours.find() && theirs.find()) {
      if (!ours.group().equals(theirs.group())) {
        degree = degree.or(own(ours.group(), theirs.group()));
      }
    }
    return degree;
  }

  /** Texts that are the same around what was drawn. */
  private Degree parts(String was, String is, String again) {
    String around = around(was);
    if (!around.equals(around(is)) || !around.equals(around(again))) {
      return Degree.CHANCE;
    }
    Degree degree = Degree.SAME;
    List<MatchResult> ours = DRAWN_PART.matcher(was).results().toList();
    List<String> theirs = DRAWN_PART.matcher(is).results().map(MatchResult::group).toList();
    List<String> third = DRAWN_PART.matcher(again).results().map(MatchResult::group).toList();
    for (int i = 0; i < ours.size(); i++) {
      degree = degree.or(part(ours.get(i), theirs.get(i), third.get(i)));
    }
    return degree;
  }

  private static String around(String text) {
    return DRAWN_PART.matcher(text).replaceAll("\u0001");
  }

  /** What comes from the rows beside what is drawn is told by being the same both times. */
  private Degree part(MatchResult was, String is, String again) {
    if (was.group().equals(is)) {
      return Degree.SAME;
    }
    Degree clock = clock(was.group(), is);
    if (clock != Degree.OTHER) {
      return clock;
    }
    Optional<Degree> own = Self.compare(selfThen, selfNow, was.group(), is);
    if (own.isPresent()) {
      return own.get();
    }
    boolean key = was.group("key") != null;
    boolean number = was.group("moment") == null && !key;
    if (is.equals(again) && !traps.has(Trap.ALL_IS_DRAWN)) {
      return key ? Degree.OTHER : Degree.CHANCE;
    }
    return key || (number && drew(is)) ? pair(was.group(), is) : Degree.CHANCE;
  }

  private Degree pair(String was, String is) {
    boolean fits = forth.getOrDefault(was, is).equals(is) && back.getOrDefault(is, was).equals(was);
    forth.putIfAbsent(was, is);
    back.putIfAbsent(is, was);
    return fits ? Degree.DRAWN : Degree.CHANCE;
  }
}
