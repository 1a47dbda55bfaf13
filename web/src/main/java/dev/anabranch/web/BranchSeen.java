package dev.anabranch.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A branch, as the API tells it.
 *
 * @param name its name
 * @param url where it is; with its password for who may have that
 * @param forkLsn where it began
 * @param forkTime when it began
 * @param expireTime when it ends, if it does by itself
 * @param state ready, suspended or another
 * @param parent the branch that it began from, if not main
 * @param owner whose it is said to be
 * @param isProtected whether it is neither deleted nor reset
 * @param ephemeral whether it may be lost with the machine
 * @param ownBytes what deleting it would give back of the disk, as far as that was measured
 * @param sharedBytes what it shares with others
 * @param measuredAt when that was
 * @param answers how many got which verdict when it was checked last; null when it was not
 * @param waiting what was to be decided when somebody looked last; null when nobody did
 * @param deleteTime when it was deleted, if it was
 */
public record BranchSeen(
    String name,
    String url,
    String forkLsn,
    Instant forkTime,
    @Nullable Instant expireTime,
    String state,
    @Nullable String parent,
    @Nullable String owner,
    @JsonProperty("protected") boolean isProtected,
    boolean ephemeral,
    @Nullable Long ownBytes,
    @Nullable Long sharedBytes,
    @Nullable Instant measuredAt,
    @Nullable KnownVerdicts answers,
    @Nullable WaitingFacts waiting,
    @Nullable Instant deleteTime) {

  /** How many answers got which verdict, and when that was. */
  public record KnownVerdicts(
      int holds, int changed, int undecided, String asOf, Instant checkedAt) {}

  /** How many facts nobody had decided, and when that was. */
  public record WaitingFacts(int facts, String asOf, Instant lookedAt) {}

  /** What has just been given a day has a day. */
  private static final Duration ROUNDED_UP = Duration.ofMinutes(1);

  public String ownerShown() {
    return owner == null || owner.isEmpty() ? "—" : owner;
  }

  public boolean isSuspended() {
    return state.equals("suspended");
  }

  /** How long it has been there, and when it ends. */
  public String age(Instant now) {
    return PageTexts.span(Duration.between(forkTime, now));
  }

  public String end(Instant now) {
    return expireTime == null
        ? "stays"
        : "in " + PageTexts.span(Duration.between(now, expireTime).plus(ROUNDED_UP));
  }

  /** How long ago something was found out. */
  public String ago(Instant then, Instant now) {
    Duration since = Duration.between(then, now);
    return since.toMinutes() < 1 ? "just now" : PageTexts.span(since) + " ago";
  }

  /** The path of its page. */
  public String path() {
    return "/branches/" + Visit.part(name);
  }

  /** Whether it has what was searched for. */
  boolean has(String searched) {
    String text = searched.toLowerCase(Locale.ROOT);
    return text.isEmpty()
        || name.toLowerCase(Locale.ROOT).contains(text)
        || ownerShown().toLowerCase(Locale.ROOT).contains(text)
        || state.contains(text);
  }

  /** Whether the viewer was told the password. */
  public boolean hasPassword() {
    return password().isPresent();
  }

  private Optional<String> password() {
    String user = Optional.ofNullable(URI.create(url).getUserInfo()).orElse("");
    int colon = user.indexOf(':');
    return colon < 0 ? Optional.empty() : Optional.of(user.substring(colon + 1));
  }

  /** What a Java program takes. */
  public String jdbc() {
    URI uri = URI.create(url);
    return "jdbc:postgresql://"
        + uri.getHost()
        + ":"
        + uri.getPort()
        + uri.getPath()
        + "?user="
        + name
        + "&password="
        + password().orElse("…");
  }
}
