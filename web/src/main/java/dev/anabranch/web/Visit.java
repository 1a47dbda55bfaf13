package dev.anabranch.web;

import io.javalin.http.Context;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One request of somebody's browser.
 *
 * @param context the request
 * @param api asked with their token
 * @param cookies what their cookies are called
 */
record Visit(Context context, ApiCalls api, CookieNames cookies) {

  private static final Pattern LOCAL_PATH =
      Pattern.compile("/(?:[^/\\\\\\p{Cntrl}][^\\p{Cntrl}]*)?");
  private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]+");
  private static final int SEE_OTHER = 303;
  private static final int YEAR_SECONDS = 365 * 24 * 3600;

  /**
   * Cookies are the same for all ports of a host, and there may be a server on each.
   *
   * @param token whose value is the token
   * @param who whose value is what they want to be called
   */
  record CookieNames(String token, String who) {
    static CookieNames of(int port) {
      return new CookieNames("anabranch-token-" + port, "anabranch-who-" + port);
    }
  }

  /** The token that a browser sends. */
  static Optional<String> token(Context context, CookieNames cookies) {
    return decoded(context.cookie(cookies.token()))
        .filter(text -> PRINTABLE.matcher(text).matches());
  }

  /** Whether a text can be a token at all. */
  static boolean couldBeToken(String text) {
    return PRINTABLE.matcher(text).matches();
  }

  /** What they want to be called; empty when they have not said. */
  String who() {
    return decoded(context.cookie(cookies.who())).orElse("");
  }

  /** Who decides, for the record. */
  String decider() {
    return who().isBlank() ? context.ip() : who();
  }

  void keepWho(String name) {
    setCookie(cookies.who(), name, name.isBlank() ? 0 : YEAR_SECONDS);
  }

  /** Until the browser is closed. */
  void keepToken(String token) {
    setCookie(cookies.token(), token, -1);
  }

  void forgetToken() {
    setCookie(cookies.token(), "", 0);
  }

  private void setCookie(String name, String value, int seconds) {
    StringBuilder cookie =
        new StringBuilder(name)
            .append('=')
            .append(URLEncoder.encode(value, StandardCharsets.UTF_8))
            .append("; Path=/; HttpOnly; SameSite=Strict");
    if (seconds >= 0) {
      cookie.append("; Max-Age=").append(seconds);
    }
    if (Optional.ofNullable(context.header("Origin")).orElse("").startsWith("https:")) {
      cookie.append("; Secure");
    }
    context.res().addHeader("Set-Cookie", cookie.toString());
  }

  private static Optional<String> decoded(@org.jspecify.annotations.Nullable String value) {
    try {
      return Optional.ofNullable(value)
          .map(text -> URLDecoder.decode(text, StandardCharsets.UTF_8))
          .filter(text -> !text.isEmpty());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** A field of the form; empty when it was left so. */
  Optional<String> field(String name) {
    return Optional.ofNullable(context.formParam(name))
        .map(String::strip)
        .filter(t -> !t.isEmpty());
  }

  /** A parameter of the query; empty when it was left so. */
  Optional<String> asked(String name) {
    return Optional.ofNullable(context.queryParam(name))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  /** A whole number of the query. */
  int number(String name, int otherwise) {
    try {
      return asked(name).map(Integer::parseInt).orElse(otherwise);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  /** A moment of the query, in milliseconds. */
  long millis(String name) {
    try {
      return asked(name).map(Long::parseLong).orElse(0L);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  String pathPart(String name) {
    return context.pathParam(name);
  }

  /** Where they are, as a link; of a form, where it was. */
  String here() {
    if (!context.method().name().equals("GET")) {
      return cameFrom();
    }
    String query = context.queryString();
    return context.path() + (query == null ? "" : "?" + query);
  }

  /** The page of ours that a form was sent from; the first one where that is not told. */
  String cameFrom() {
    try {
      URI from = URI.create(Optional.ofNullable(context.header("Referer")).orElse(""));
      String query = from.getRawQuery();
      return from.getAuthority() != null && from.getAuthority().equals(context.header("Host"))
          ? local(from.getRawPath() + (query == null ? "" : "?" + query))
          : "/";
    } catch (IllegalArgumentException e) {
      return "/";
    }
  }

  /** After a form was taken: where to look now. */
  void goTo(String path) {
    context.status(SEE_OTHER).header("Location", path);
  }

  /** A path of ours, or the first page: nobody is sent elsewhere. */
  static String local(String path) {
    return LOCAL_PATH.matcher(path).matches() ? path : "/";
  }

  /** A text as a part of a path. */
  static String part(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
