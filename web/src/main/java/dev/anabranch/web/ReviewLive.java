package dev.anabranch.web;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tells an open review when it has become another. It asks every few seconds and is answered at
 * once, since a browser opens six connections to a server and a review that kept one would leave
 * the seventh without an answer. What moves is told by the API's stream of verdicts, followed once
 * for all reviews of a branch; whether that matters is told by a look at the facts, made for
 * whoever asks next and told to all.
 */
final class ReviewLive {

  /** Main may move many times a second, and a look is not free. */
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

  private static final int OK = 200;
  private static final int NO_CONTENT = 204;
  private static final int NOT_FOUND = 404;

  /** By which htmx is told to ask no more. */
  private static final int LAST_ANSWER = 286;

  /** It is landed, undone or reset at this moment. */
  private static final String BUSY = "AB-108";

  /** It sleeps. */
  private static final String ASLEEP = "AB-675";

  private final ReviewsShown shown;
  private final InstantSource clock;
  private final Lock lock = new ReentrantLock();
  private final Map<String, FollowedBranch> followed = new HashMap<>(); // guarded by the lock

  ReviewLive(ReviewsShown shown, InstantSource clock) {
    this.shown = shown;
    this.clock = clock;
  }

  /**
   * A review that is open somewhere.
   *
   * @param plan what it shows
   * @param asOf the position of main that it is true as of
   * @param at when it was shown
   * @param open how many facts of it are open
   * @param told the plan that it was told of last, or that it is busy; empty: of none
   */
  private record Open(String plan, long asOf, Instant at, int open, String told) {

    static Open of(Visit visit) {
      return new Open(
          visit.asked("plan").orElse(""),
          FollowedBranch.position(visit.asked("asOf").orElse("")),
          Instant.ofEpochMilli(visit.millis("at")),
          visit.number("open", 0),
          visit.asked("told").orElse(""));
    }
  }

  /** What somebody was just shown need not be looked at again for others. */
  void looked(String branch, Promoted work) {
    lock.lock();
    try {
      FollowedBranch one = followed.get(branch);
      if (one != null) {
        one.looked(work, clock.instant());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Says what is new, if something is. */
  void answer(Visit visit) {
    Html.guard(visit.context());
    Open page = Open.of(visit);
    BranchSeen branch;
    try {
      branch = visit.api().get("/branches/" + Visit.part(visit.pathPart("name")), BranchSeen.class);
    } catch (ApiRefusal refusal) {
      if (refusal.status() != NOT_FOUND) {
        throw refusal;
      }
      send(visit, LAST_ANSWER, ended("the branch was deleted"));
      return;
    }
    if (branch.isSuspended()) {
      sleeps(visit, page);
      return;
    }
    FollowedBranch one = follow(visit, page);
    if (!one.ended().isEmpty()) {
      send(visit, LAST_ANSWER, ended(one.ended()));
      return;
    }
    one.asked(page.asOf(), page.at(), page.open(), branch);
    lookWhenDue(visit, one);
    tell(visit, page, one.seen(page.at()));
  }

  /** Whoever follows a branch keeps looking at it, which is not for one that sleeps. */
  private void sleeps(Visit visit, Open page) {
    lock.lock();
    try {
      FollowedBranch one = followed.remove(visit.pathPart("name"));
      if (one != null) {
        one.leave();
      }
    } finally {
      lock.unlock();
    }
    if (page.told().equals(ASLEEP)) {
      visit.context().status(NO_CONTENT);
    } else {
      send(
          visit,
          OK,
          Html.fragment("sleeping", Map.of("told", ASLEEP, "branch", visit.pathPart("name"))));
    }
  }

  private FollowedBranch follow(Visit visit, Open page) {
    String name = visit.pathPart("name");
    lock.lock();
    try {
      followed.values().removeIf(one -> !one.ended().isEmpty() && one.isUnasked());
      FollowedBranch known = followed.get(name);
      if (known == null || known.isOver(page.at())) {
        known = new FollowedBranch(visit.api(), name, page.asOf(), clock);
        followed.put(name, known);
        known.start(this::forget);
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  private void forget(FollowedBranch one) {
    lock.lock();
    try {
      followed.values().removeIf(known -> known == one);
    } finally {
      lock.unlock();
    }
  }

  private void lookWhenDue(Visit visit, FollowedBranch one) {
    if (!one.beginsLook(BETWEEN_LOOKS)) {
      return;
    }
    try {
      one.looked(visit.api().look(visit.pathPart("name")), clock.instant());
    } catch (ApiRefusal refusal) {
      one.failed(refusal.code().equals(BUSY));
    } finally {
      one.endsLook();
    }
  }

  private void tell(Visit visit, Open page, FollowedBranch.Seen seen) {
    String now = seen.busy() ? BUSY : seen.latest() == null ? page.plan() : seen.latest().plan();
    if (now.equals(page.told().isEmpty() ? page.plan() : page.told())) {
      visit.context().status(NO_CONTENT);
    } else if (seen.busy()) {
      send(visit, OK, Html.fragment("landing", Map.of("told", BUSY)));
    } else if (now.equals(page.plan()) || seen.latest() == null) {
      send(visit, OK, "");
    } else {
      send(
          visit,
          OK,
          Html.fragment(
              "moved",
              Map.of(
                  "branch",
                  visit.pathPart("name"),
                  "work",
                  seen.latest(),
                  "facts",
                  FactsMoved.between(shown.of(page.plan()), seen.latest()))));
    }
  }

  private static String ended(String reason) {
    return Html.fragment("ended", Map.of("reason", reason));
  }

  private static void send(Visit visit, int status, String html) {
    visit.context().status(status).contentType("text/html; charset=utf-8").result(html);
  }
}
