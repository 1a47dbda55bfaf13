package dev.anabranch.server.http;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.server.access.Access;
import dev.anabranch.server.access.Holder;
import dev.anabranch.server.access.Right;
import io.javalin.http.Context;
import io.javalin.http.Handler;
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
   * @throws AnabranchException HOST_REFUSED, ORIGIN_REFUSED, BODY_NOT_JSON
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
    if (hasBody(context)) {
      String type = Optional.ofNullable(context.header("Content-Type")).orElse("nothing at all");
      if (!type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(JSON)) {
        throw new AnabranchException(ErrorCode.BODY_NOT_JSON, shown(type));
      }
    }
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
