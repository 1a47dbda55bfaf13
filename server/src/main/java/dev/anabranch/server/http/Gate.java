package dev.anabranch.server.http;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.server.access.Access;
import dev.anabranch.server.access.Holder;
import dev.anabranch.server.access.Right;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at each request before anything of it is done: whether it is meant for us, whether a page
 * of somebody else's has sent it, and whether who sends it may.
 */
final class Gate {

  private static final String HOLDER = "anabranch.holder";
  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String API = "/api/";

  /** Nothing in them is worth hiding, and who watches processes has no token. */
  private static final Set<String> FOR_EVERYBODY = Set.of("GET /health", "GET /ready");

  private final Access access;
  private final OwnHosts hosts;

  Gate(Access access, OwnHosts hosts) {
    this.access = access;
    this.hosts = hosts;
  }

  /**
   * What holds for every request, whatever it asks.
   *
   * @throws AnabranchException HOST_REFUSED, ORIGIN_REFUSED, BODY_NOT_JSON, PAGE_FORM_REFUSED
   */
  void inspect(Context context) {
    String host = Optional.ofNullable(context.header("Host")).orElse("");
    if (!hosts.has(host)) {
      throw new AnabranchException(ErrorCode.HOST_REFUSED, shown(host));
    }
    Optional<String> origin = Optional.ofNullable(context.header("Origin"));
    if (origin.isPresent() && !OwnHosts.isOwn(origin.get(), host)) {
      throw new AnabranchException(ErrorCode.ORIGIN_REFUSED, shown(origin.get()));
    }
    if (isForm(context)) {
      requireOwnPage(context, origin.isPresent());
    } else if (hasBody(context) && !type(context).equals(JSON)) {
      throw new AnabranchException(
          ErrorCode.BODY_NOT_JSON,
          shown(Optional.ofNullable(context.header("Content-Type")).orElse("nothing at all")));
    }
  }

  /** Whatever is not asked of the API changes something only by a form on a page. */
  private static boolean isForm(Context context) {
    return context.method().equals(HandlerType.POST) && !context.path().startsWith(API);
  }

  /**
   * Forms go with a cookie, which a browser sends along whoever made it send one. It says where the
   * form was: by an origin, which is ours by now, or by that of the request.
   */
  private static void requireOwnPage(Context context, boolean hasOwnOrigin) {
    Optional<String> site = Optional.ofNullable(context.header("Sec-Fetch-Site"));
    boolean isOwn = site.map("same-origin"::equals).orElse(hasOwnOrigin);
    if (!isOwn || (hasBody(context) && !type(context).equals(FORM))) {
      throw new AnabranchException(ErrorCode.PAGE_FORM_REFUSED);
    }
  }

  private static String type(Context context) {
    return Optional.ofNullable(context.header("Content-Type"))
        .map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
        .orElse("");
  }

  private static boolean hasBody(Context context) {
    return context.req().getContentLengthLong() > 0 || context.header("Transfer-Encoding") != null;
  }

  /** What somebody sent, fit for a sentence. */
  private static String shown(String sent) {
    String plain = sent.replaceAll("[^\\x20-\\x7e]", "?");
    return plain.length() <= 100 ? plain : plain.substring(0, 100) + "…";
  }

  /** The same handler, for those who may. */
  Handler guard(String route, Handler handler) {
    if (FOR_EVERYBODY.contains(route)) {
      return handler;
    }
    Right right = RouteRights.of(route);
    return context -> {
      Holder holder = access.holder(Optional.ofNullable(context.header("Authorization")));
      holder.require(right);
      context.attribute(HOLDER, holder);
      handler.handle(context);
    };
  }

  /** Who asks; of requests that a guarded handler answers. */
  static Holder holder(Context context) {
    Holder holder = context.attribute(HOLDER);
    if (holder == null) {
      throw new IllegalStateException("nobody has looked who asks");
    }
    return holder;
  }
}
