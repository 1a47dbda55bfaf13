package dev.anabranch.server.http;

import dev.anabranch.base.Durations;
import dev.anabranch.server.access.ApiToken;
import dev.anabranch.server.access.Right;
import dev.anabranch.server.access.Tokens;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tokens are made, listed and revoked.
 *
 * @param tokens those there are
 * @param clock from which their time is counted
 */
record TokenRoutes(Tokens tokens, InstantSource clock) {

  private static final Duration USUAL_TTL = Duration.ofDays(30);
  private static final int LONGEST_NAME = 200;
  private static final int CREATED = 201;

  /** A token in a list. */
  record TokenView(
      String id,
      String name,
      List<String> can,
      String state,
      Instant createTime,
      @Nullable Instant expireTime,
      @Nullable Instant revokeTime) {

    static TokenView of(ApiToken token, ApiToken.State state) {
      return new TokenView(
          token.id(),
          token.name(),
          words(token.rights()),
          state.name().toLowerCase(Locale.ROOT),
          token.createdAt(),
          token.expiresAt().orElse(null),
          token.revokedAt().orElse(null));
    }
  }

  /** A new token, with the text that nobody is told again. */
  record IssuedTokenView(
      String token,
      String id,
      String name,
      List<String> can,
      Instant createTime,
      @Nullable Instant expireTime) {

    static IssuedTokenView of(Tokens.Issued issued) {
      ApiToken token = issued.token();
      return new IssuedTokenView(
          issued.text(),
          token.id(),
          token.name(),
          words(token.rights()),
          token.createdAt(),
          token.expiresAt().orElse(null));
    }
  }

  private static List<String> words(Set<Right> rights) {
    return rights.stream().sorted().map(Right::word).toList();
  }

  void create(Context context) {
    RequestBody body = RequestBody.parse(RequestBody.text(context), ApiBodies.NewToken.class);
    String name = body.text("name").orElse("");
    if (name.length() > LONGEST_NAME) {
      body.mistake("The field 'name' is longer than " + LONGEST_NAME + " characters.");
    }
    Set<Right> rights = rights(body);
    Optional<Instant> end = end(body);
    body.finish();
    context.status(CREATED);
    HttpServer.json(context, IssuedTokenView.of(tokens.issue(name, rights, end)));
  }

  private static Set<Right> rights(RequestBody body) {
    Set<Right> rights = EnumSet.noneOf(Right.class);
    body.each(
            "can", node -> Right.of(node.asString("")).orElseThrow(() -> noRight(node.toString())))
        .forEach(rights::add);
    if (rights.isEmpty()) {
      body.mistake(
          "The field 'can' must list what the token lets its holder do: read, author,"
              + " land, admin.");
    }
    return rights;
  }

  private static RuntimeException noRight(String text) {
    return RequestBody.invalid("There is no right " + text + ": say read, author, land or admin.");
  }

  private Optional<Instant> end(RequestBody body) {
    Optional<String> ttl = body.text("ttl");
    Optional<Duration> lasts = ttl.flatMap(Durations::parse).filter(Duration::isPositive);
    boolean noExpiry = body.flag("noExpiry");
    if (ttl.isPresent() && lasts.isEmpty()) {
      body.mistake("'" + ttl.get() + "' is no time to live: say 12h, 30d or 4w.");
    }
    if (noExpiry && ttl.isPresent()) {
      body.mistake("Give either 'ttl' or 'noExpiry'.");
    }
    return noExpiry ? Optional.empty() : Optional.of(clock.instant().plus(lasts.orElse(USUAL_TTL)));
  }

  void list(Context context) {
    HttpServer.json(
        context,
        tokens.list().stream().map(token -> TokenView.of(token, tokens.state(token))).toList());
  }

  void revoke(Context context) {
    ApiToken revoked = tokens.revoke(context.pathParam("id"));
    HttpServer.json(context, TokenView.of(revoked, tokens.state(revoked)));
  }
}
