package dev.anabranch.server.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The bodies that requests may have, as records: what they take is what {@link RequestBody} accepts
 * and what the OpenAPI document tells. What need not be given is nullable.
 */
final class ApiBodies {

  private ApiBodies() {}

  /** The names of a body's fields. */
  static Set<String> fields(Class<? extends Record> body) {
    return Arrays.stream(body.getRecordComponents())
        .map(ApiBodies::field)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** What a component is called in JSON. */
  static String field(RecordComponent component) {
    JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
    return named == null ? component.getName() : named.value();
  }

  /** Exactly one of ttl, expireTime and noExpiry. */
  record NewBranch(
      String name,
      @Nullable String ttl,
      @Nullable String expireTime,
      @Nullable Boolean noExpiry,
      @Nullable String from,
      @Nullable String at,
      @Nullable String role,
      @Nullable Boolean ephemeral,
      @Nullable String taskBy,
      @Nullable String owner,
      @JsonProperty("protected") @Nullable Boolean isProtected) {}

  /** At most one of ttl, expireTime and noExpiry. */
  record Undelete(
      @Nullable String as,
      @Nullable String ttl,
      @Nullable String expireTime,
      @Nullable Boolean noExpiry) {}

  record Rename(String to) {}

  record Reset(@Nullable String at, @Nullable String work) {}

  record Restore(String to, @Nullable String work) {}

  record Promote(
      @Nullable Boolean dryRun,
      @Nullable Boolean strict,
      @Nullable List<Long> accept,
      @Nullable List<Decide> decide,
      @Nullable String why,
      @Nullable String who,
      @Nullable String plan,
      @Nullable List<CheckGiven> checks,
      @Nullable List<String> skipChecks) {}

  record Sync(
      @Nullable Boolean dryRun,
      @Nullable List<Long> accept,
      @Nullable List<Decide> decide,
      @Nullable String why,
      @Nullable String who) {}

  /** A check of the caller's own. */
  record CheckGiven(String name, String sql) {}

  /** The same, to be kept. */
  record NewCheck(String name, String sql, @Nullable String who) {}

  /** Who is told when answers stop to hold. */
  record NewWebhook(String url, @Nullable String branch, @Nullable String who) {}

  /** How a column of main combines. */
  record NewRule(String column, String rule, @Nullable String who) {}

  record Compare(List<String> branches, String score, @Nullable Boolean lowest) {}

  /** What is to be done about a fact. */
  record Decide(
      String fact,
      @Nullable String state,
      @Nullable String column,
      String choice,
      @Nullable Object value) {}

  record Undo(@Nullable Boolean dryRun, @Nullable List<String> skipChecks, @Nullable String plan) {}

  record Release(@Nullable Boolean force) {}

  /** What a token lets its holder do, and for how long; 30 days if neither end is given. */
  record NewToken(
      List<String> can, @Nullable String ttl, @Nullable Boolean noExpiry, @Nullable String name) {}

  /** A table of main, by its name. */
  record WatchedTable(String table) {}
}
